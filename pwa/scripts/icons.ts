/* Draws the mark (a shop with its door open and someone inside) into public/icons. Run once when it changes; the
   files are committed. Distances on a 40-unit grid, four samples a pixel and side. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

const PINE = [0x0e, 0x6a, 0x5d]
const WHITE = [0xff, 0xff, 0xff]
const SAMPLES = 4

/** Signed distance to a rounded square around the middle, negative inside. */
function square(x: number, y: number, half: number, radius: number): number {
  const dx = Math.abs(x - 20) - half + radius
  const dy = Math.abs(y - 20) - half + radius
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius
}

function mark(x: number, y: number): boolean {
  if (square(x, y, 4, 3) < 0) return true
  const door = y > 25 && Math.abs(x - 20) < 5.2
  if (!door && Math.abs(square(x, y, 10.1, 3.8)) < 1.4) return true
  return Math.hypot(Math.abs(x - 20) - 5.2, y - 30.1) < 1.4
}

interface Look {
  size: number
  /** Half the ground's side and its corner; none for a badge. */
  ground: [half: number, radius: number] | null
  /** How large the mark stands on the grid. */
  scale: number
}

function pixel(px: number, py: number, look: Look): number[] {
  const sum = [0, 0, 0, 0]
  for (let i = 0; i < SAMPLES ** 2; i++) {
    const x = ((px + ((i % SAMPLES) + 0.5) / SAMPLES) / look.size) * 40
    const y = ((py + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) / look.size) * 40
    const inMark = mark(20 + (x - 20) / look.scale, 20 + (y - 20) / look.scale)
    const onGround = look.ground !== null && square(x, y, ...look.ground) < 0
    if (!inMark && !onGround) continue
    const colour = inMark ? WHITE : PINE
    colour.forEach((value, channel) => (sum[channel]! += value))
    sum[3]! += 1
  }
  const alpha = sum[3]! || 1
  return [...sum.slice(0, 3).map((value) => Math.round(value / alpha)), Math.round((sum[3]! / SAMPLES ** 2) * 255)]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  const sum = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function png(look: Look): Buffer {
  const rows: Buffer[] = []
  for (let y = 0; y < look.size; y++) {
    const row = [0]
    for (let x = 0; x < look.size; x++) row.push(...pixel(x, y, look))
    rows.push(Buffer.from(row))
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(look.size, 0)
  header.writeUInt32BE(look.size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(Buffer.concat(rows), { level: 9 })
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

const folder = resolve(import.meta.dirname, '../public/icons')
mkdirSync(folder, { recursive: true })
const looks: Record<string, Look> = {
  'icon-192.png': { size: 192, ground: [20, 11], scale: 1 },
  'icon-512.png': { size: 512, ground: [20, 11], scale: 1 },
  // The launcher cuts its own shape: colour to the edge, the mark inside the safe circle.
  'maskable-512.png': { size: 512, ground: [21, 0], scale: 0.82 },
  'badge-96.png': { size: 96, ground: null, scale: 1.5 },
}
for (const [name, look] of Object.entries(looks)) writeFileSync(resolve(folder, name), png(look))
