import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { openSite, samplesOf, type Site, statusWhen } from './support.js'

/** Where Debian and Ubuntu, and others, have Chromium. */
const executablePath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

/** Draws lines from point to point, with the mouse. */
async function draw(page: Page, points: readonly (readonly [x: number, y: number])[]): Promise<void> {
  const box = await page.locator('#drawing').boundingBox()
  const [[startX, startY], ...rest] = points.map(([x, y]) => [x + (box?.x ?? 0), y + (box?.y ?? 0)])
  await page.mouse.move(startX, startY)
  await page.mouse.down()
  for (const [x, y] of rest) await page.mouse.move(x, y, { steps: 5 })
  await page.mouse.up()
}

const ONE = [[140, 40], [140, 240]] as const // prettier-ignore
const SEVEN = [[70, 60], [210, 60], [120, 240]] as const // prettier-ignore

describe(`the page of examples/server in a browser${executablePath ? '' : ' (skipped: there is no Chromium; apt-get install chromium)'}`, () => {
  let [browser, site, page]: [Browser?, Site?, Page?] = []
  const troubles: string[] = []

  before(async function () {
    if (executablePath === undefined) return void this.skip()
    site = await openSite(samplesOf(60))
    browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1000, height: 860 } })
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('request', (request) => {
      if (!request.url().startsWith(site?.url ?? '') && !request.url().startsWith('data:')) troubles.push(request.url())
    })
    await page.goto(site.url)
  })

  after(async () => {
    await browser?.close()
    await site?.close()
  })

  /** The page, which is there when a test runs. */
  function shown(): { page: Page; url: string } {
    if (page === undefined || site === undefined) throw new Error('there is no page')
    return { page, url: site.url }
  }

  it('reads what is drawn', async () => {
    const { page, url } = shown()
    const predicted = page.waitForResponse(`${url}/predict`)
    await draw(page, SEVEN)
    const { digit, probabilities } = (await (await predicted).json()) as { digit: number; probabilities: number[] }
    await page.locator('#digit', { hasText: String(digit) }).waitFor()
    const values = await page
      .locator('#probabilities meter')
      .evaluateAll((meters) => meters.map((meter) => (meter as unknown as { value: number }).value))
    expect(values).to.have.length(10)
    values.forEach((value, i) => expect(value).to.be.closeTo(probabilities[i], 1e-6))
    await page.getByText('Clear').click()
    expect(await page.locator('#digit').textContent()).to.equal('–')
  })

  it('sends what is drawn as a sample, centred and scaled like the others', async () => {
    const { page, url } = shown()
    const sent = page.waitForRequest(`${url}/samples`)
    await draw(page, ONE)
    await page.locator('#labels').getByRole('button', { name: '1' }).click()
    const { samples } = (await sent).postDataJSON() as { samples: { pixels: number[]; label: number }[] }
    const rows = Array.from({ length: 28 }, (_, y) => Math.max(...samples[0].pixels.slice(28 * y, 28 * y + 28)) > 0.5)
    expect([samples[0].label, rows.indexOf(true), rows.lastIndexOf(true)]).to.deep.equal([1, 4, 23])
    await page.locator('#samples', { hasText: '61' }).waitFor()
    expect((await statusWhen(url, () => true)).samples).to.equal(61)
  })

  it('trains, and shows curves of loss and accuracy while it goes on', async () => {
    const { page, url } = shown()
    await page.locator('#epochs').fill('100')
    await page.getByRole('button', { name: 'Train' }).click()
    await page.locator('#training', { hasText: /epoch \d+, step \d+ of \d+/ }).waitFor()
    expect(await page.getByRole('button', { name: 'Train' }).isDisabled()).to.be.true
    await page.locator('#training', { hasText: 'idle' }).waitFor()
    const { epochs } = await statusWhen(url, ({ status }) => status === 'idle')
    expect(epochs).to.have.length(100)
    // Under the mouse, the legend has the values of the curves.
    for (const [id, count] of Object.entries({ loss: 1, accuracy: 2 })) {
      await page.locator(`#${id} .u-over`).hover()
      const values = await page.locator(`#${id} .u-legend .u-value`).allTextContents()
      expect(values).to.have.length(1 + count)
      for (const value of values) expect(value).to.match(/^[\d.]+$/)
    }
  })

  it('stops when it is told to, and shows what the server does not like', async () => {
    const { page } = shown()
    await page.locator('#epochs').fill('1000')
    await page.getByRole('button', { name: 'Train' }).click()
    await page.locator('#training', { hasText: 'epoch' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.locator('#training', { hasText: 'idle' }).waitFor()
    await page.locator('#epochs').fill('0')
    await page.getByRole('button', { name: 'Train' }).click()
    await page.locator('#message', { hasText: 'expected epochs to be an integer from 1 to 1000' }).waitFor()
    // The browser itself reports that answer.
    expect(troubles.filter((text) => !text.includes('422'))).to.deep.equal([])
  })
})
