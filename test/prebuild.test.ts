import { expect } from 'chai'
import { faultsOf, readNeeds } from '../scripts/prebuild/inspect.js'

/** What `objdump -p -T` prints, with these lines. */
const dump = ({
  library = 'libm.so.6',
  version = 'GLIBC_2.27',
  exported = 'node_api_module_get_api_version_v1',
} = {}) => `
Dynamic Section:
  NEEDED               ${library}
  NEEDED               libc.so.6
  INIT                 0x0000000000002000

Version References:
  required from libc.so.6:
    0x09691a75 0x00 03 GLIBC_2.2.5

DYNAMIC SYMBOL TABLE:
0000000000016e60 l    d  .init	0000000000000000              .init
0000000000000000  w   D  *UND*	0000000000000000  Base        _ITM_deregisterTMCloneTable
0000000000000000      DF *UND*	0000000000000000 (${version}) powf
0000000000017300 g    DF .text	00000000000000a1  Base        napi_register_module_v1
00000000000172f0 g    DF .text	0000000000000006  Base        ${exported}
`

describe('a prebuilt binary', () => {
  it('is read from what objdump prints', () => {
    expect(readNeeds(dump())).to.deep.equal({
      glibc: '2.27',
      libraries: ['libm.so.6', 'libc.so.6'],
      exports: ['napi_register_module_v1', 'node_api_module_get_api_version_v1'],
    })
    expect(readNeeds(dump({ version: 'GLIBC_2.4' })).glibc).to.equal('2.4')
  })

  it('has no fault if it loads wherever Node.js does, and exports what Node calls', () => {
    expect(faultsOf(readNeeds(dump()), 4e6)).to.deep.equal([])
  })

  const faults: [what: string, printed: string, bytes: number, fault: RegExp][] = [
    ['needs a newer glibc', dump({ version: 'GLIBC_2.29' }), 4e6, /needs glibc 2\.29, and may need 2\.28 at most/],
    ['needs a library', dump({ library: 'libstdc++.so.6' }), 4e6, /linked with libstdc\+\+\.so\.6/],
    [
      'exports something else',
      dump({ exported: '_ZNSt6vectorIf' }),
      4e6,
      /exports napi_register_module_v1, _ZNSt6vectorIf/,
    ],
    ['is too large', dump(), 10_000_001, /10000001 bytes/],
  ]
  for (const [what, printed, bytes, fault] of faults) {
    it(`is not shipped if it ${what}`, () => {
      expect(faultsOf(readNeeds(printed), bytes))
        .to.have.length(1)
        .and.to.satisfy(([only]: string[]) => fault.test(only))
    })
  }
})
