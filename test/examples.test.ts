import { spawnSync } from 'node:child_process'
import { expect } from 'chai'

function run(example: string): string {
  const options = { encoding: 'utf8' as const, timeout: 300_000 }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `examples/${example}`], options)
  expect([status, stderr]).to.deep.equal([0, ''])
  return stdout
}

describe('examples', () => {
  it('the tutorial prints what PyTorch prints', () => {
    const lines = run('layer-norm-tutorial.ts').trim().split('\n')
    const [, loss] = /^Loss: (\S+)$/.exec(lines[1]) ?? []
    expect(Number(loss)).to.be.closeTo(2.318890333175659, 1e-6)
    expect(lines.toSpliced(1, 1)).to.deep.equal([
      '[ 32, 10 ]',
      'layer1.layer_norm.weight - mean: 1.0000, std: 0.0010',
      'layer1.layer_norm.bias - mean: 0.0001, std: 0.0010',
      'layer2.layer_norm.weight - mean: 1.0000, std: 0.0010',
      'layer2.layer_norm.bias - mean: -0.0002, std: 0.0010',
      'layer3.layer_norm.weight - mean: 0.9999, std: 0.0010',
      'layer3.layer_norm.bias - mean: -0.0001, std: 0.0010',
      'Output for the shifted input: [ 32, 10 ]',
    ])
  })

  it('the digits are read with an accuracy of at least 0.95', function () {
    this.timeout(300_000)
    const [, accuracy] = /Test accuracy: (\S+) after/.exec(run('digits.ts')) ?? []
    expect(Number(accuracy)).to.be.at.least(0.95)
  })
})
