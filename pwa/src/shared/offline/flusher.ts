/* When to flush: at once when something was written, when the network or the page comes back, and after a growing
   pause while it does not work. `navigator.onLine` only ever hurries, it never holds back. */
import { flush, type Result } from './flush.ts'

export interface Timer {
  set(work: () => void, ms: number): unknown
  clear(handle: unknown): void
}

const clock: Timer = {
  set: (work, ms) => setTimeout(work, ms),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}

/** 1, 2, 4 … 60 s, each shortened by up to a half so that a shop's phones do not come back all at once. */
export function pause(failures: number, random: () => number = Math.random): number {
  return Math.min(60_000, 1000 * 2 ** Math.min(failures, 10)) * (1 - random() / 2)
}

export class Flusher {
  private failures = 0
  private running = false
  private again = false
  private waiting: unknown

  constructor(
    private readonly onResult: (result: Result) => void = () => undefined,
    private readonly work: () => Promise<Result> = flush,
    private readonly timer: Timer = clock,
  ) {}

  /** Flush now; while one runs, once more after it. */
  async poke(): Promise<void> {
    if (this.running) {
      this.again = true
      return
    }
    this.timer.clear(this.waiting)
    this.running = true
    let result: Result
    try {
      do {
        this.again = false
        result = await this.work()
      } while (this.again && result.state === 'done')
    } catch {
      // The device's own storage failed (full, or closed under us): worth another try as well.
      result = { state: 'later', sent: 0 }
    } finally {
      this.running = false
    }
    this.failures = result.state === 'later' ? this.failures + 1 : 0
    if (result.state === 'later') {
      const ms = Math.max(result.retryAfter ?? 0, pause(this.failures - 1))
      this.waiting = this.timer.set(() => void this.poke(), ms)
    }
    this.onResult(result)
  }

  /** The network says it is back: forget the pause. */
  hurry(): void {
    this.failures = 0
    void this.poke()
  }
}
