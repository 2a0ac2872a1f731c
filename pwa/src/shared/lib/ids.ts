/* Ids the client makes itself, and the two shapes of an id: a bare UUID in paths, `Type:uuid` in base64 on the wire. */

let lastMs = 0
let counter = 0

/** A UUIDv7. Ids made by one page sort in the order they were made, within one millisecond too. */
export function uuid7(now: number = Date.now()): string {
  if (now > lastMs) {
    lastMs = now
    counter = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  const variant = ((bytes[0]! & 0x3f) | 0x80).toString(16)
  const rest = [...bytes.subarray(1)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const time = lastMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function globalId(type: string, uuid: string): string {
  return UUID.test(uuid) ? btoa(`${type}:${uuid}`) : uuid
}

/** The bare UUID of a global id; what is one already, or no id at all, comes back as it is. */
export function localId(id: string): string {
  try {
    return UUID.test(id) ? id : (atob(id).split(':')[1] ?? id)
  } catch {
    return id
  }
}
