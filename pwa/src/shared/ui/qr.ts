/* A code to scan, drawn as the other icons are; not of the set, since few screens have one. */
export const QR =
  '<rect x="4" y="4" width="6" height="6" rx="1.4"/><rect x="14" y="4" width="6" height="6" rx="1.4"/><rect x="4" y="14" width="6" height="6" rx="1.4"/><path d="M14 14h2.6v2.6M20 14v.01M20 17.4V20h-3.4M14 20v.01"/>'
