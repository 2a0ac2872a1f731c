// `node measure.js CHROME ROUNDS COOKIE URL…`: one JSON line a page with the medians of the mobile preset.
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const [chrome, rounds, cookie, ...pages] = process.argv.slice(2)
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

for (const url of pages) {
  const runs = []
  for (let round = 0; round < Number(rounds); round++) {
    const browser = await launch({ chromePath: chrome, chromeFlags: flags, logLevel: 'silent' })
    try {
      const headers = url.endsWith('/sign-in') ? {} : { Cookie: cookie }
      const options = {
        port: browser.port,
        logLevel: 'silent',
        onlyCategories: ['performance', 'accessibility', 'best-practices'],
        extraHeaders: headers,
      }
      const { lhr } = await lighthouse(url, options)
      const failed = ['accessibility', 'best-practices']
        .flatMap((name) => lhr.categories[name].auditRefs)
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score === 0)
        .map(({ id }) => id)
      runs.push({
        performance: Math.round(lhr.categories.performance.score * 100),
        accessibility: Math.round(lhr.categories.accessibility.score * 100),
        practices: Math.round(lhr.categories['best-practices'].score * 100),
        lcp: lhr.audits['largest-contentful-paint'].numericValue,
        tbt: lhr.audits['total-blocking-time'].numericValue,
        failed,
      })
    } finally {
      await browser.kill()
    }
  }
  const figures = ['performance', 'accessibility', 'practices', 'lcp', 'tbt']
  const medians = Object.fromEntries(figures.map((name) => [name, middle(runs.map((run) => run[name]))]))
  console.log(JSON.stringify({ url, ...medians, failed: [...new Set(runs.flatMap((run) => run.failed))] }))
}
