/* A style sheet that is not everybody's: fetched with the pages it is for, once. */
const worn = new Map<string, Promise<void>>()

export function dress(href: string): Promise<void> {
  let found = worn.get(href)
  if (!found) {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href })
    found = new Promise((resolve) => {
      link.onload = link.onerror = () => resolve()
    })
    worn.set(href, found)
    document.head.append(link)
  }
  return found
}
