/* Files go past GraphQL: one way in, one way out. */
import { locale } from '@/shared/lib/i18n.ts'
import { localId } from '@/shared/lib/ids.ts'
import { saveFile } from '@/shared/lib/saving.ts'
import { w } from './words.ts'

export const MOST_BYTES = 128 * 1024 * 1024

/** Sends a file; `told` hears how much of it has gone, 0 to 1. Rejects with a sentence for the person. */
export function upload(file: File, told: (part: number) => void, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest() // fetch cannot tell how much has gone
    request.open('POST', '/imports')
    request.responseType = 'json'
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name))
    request.setRequestHeader('accept-language', locale.value)
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total)
    request.onload = () => {
      const answer = request.response as { id?: string; errors?: { message: string }[] } | null
      if (request.status === 201 && answer?.id) resolve(answer.id)
      else reject(new Error(answer?.errors?.[0]?.message ?? w('failed_send')))
    }
    request.onerror = () => reject(new Error(w('offline')))
    request.onabort = () => reject(new DOMException('', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

/** Saves the report of a job as a file. */
export async function download(jobId: string, fileName: string, rejectedOnly: boolean): Promise<void> {
  const query = rejectedOnly ? '?rows=rejected' : ''
  const ending = rejectedOnly ? 'rejected' : 'report'
  await saveFile(`/imports/${localId(jobId)}/report.csv${query}`, `${stem(fileName)}-${ending}.csv`)
}

/** Saves the rows that were not taken as a workbook: mended, it is sent again. */
export const saveFailed = (jobId: string, fileName: string): Promise<void> =>
  saveFile(`/imports/${localId(jobId)}/failed.xlsx`, `${stem(fileName)}-mend.xlsx`)

const stem = (fileName: string): string => fileName.replace(/\.\w+$/, '')
