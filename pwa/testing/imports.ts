/* Imports as the server tells of them. */
import type { Job } from '@/features/imports/operations.ts'

export function importJob(more: Partial<Job> = {}): Job {
  return {
    id: 'a',
    kind: 'ORDERS',
    state: 'RUNNING',
    dryRun: true,
    followUps: false,
    fileName: 'a.xlsx',
    fileBytes: 1,
    createdAt: '2026-11-19T08:00:00Z',
    startedAt: null,
    endedAt: null,
    looked: 0,
    rowsTotal: null,
    counts: { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, duplicates: 0 },
    startedBy: { name: '林小雨' },
    skippedSheets: [],
    problem: null,
    uploadId: 'u',
    storeId: null,
    mapped: false,
    doubles: 'CREATE',
    overwrite: [],
    overwriteOthers: 'OWN',
    continues: null,
    undoUntil: null,
    undo: null,
    sheets: [],
    ...more,
  }
}
