import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'

import type { INestApplicationContext } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { type AuditHead, readHead, type Verification, writeHead } from '../audit/chain.js'
import { NoExport, verifyExport } from '../audit/export.js'
import { Transaction } from '../database/transaction.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { Clock } from '../kernel/clock.js'
import { LogWatchService } from '../workspace/log-watch.service.js'
import { groupOf } from './group-of.js'
import { type Given, needed, UsageError } from './usage.js'

/** Exit statuses of audit:verify; 3 is what every command ends with that could not run. */
const whole = 0
const broken = 1
const anchorNotMet = 2

/** Checks the logs of all groups or one, in the database; with `--export` it also writes the one log to a file. */
export async function verifyAudit(
  app: INestApplicationContext,
  given: Given,
  say: (line: string) => void,
): Promise<number> {
  const anchor = headIn(given, 'anchor')
  const from = headIn(given, 'since')
  const groups = given['group'] === undefined ? await app.get(GroupsService).all() : [await groupOf(app, given)]
  if ((anchor || from || given['export'] !== undefined) && groups.length !== 1)
    throw new UsageError('--anchor, --since and --export are about one group: say which with --group.')
  let status = whole
  for (const group of groups) {
    const { anchorMet, ...found } = await app.get(AuditLog).verify(group.id, { anchor, ...(from ? { from } : {}) })
    say(sentence(group.slug, found, anchorMet))
    status = worse(status, statusOf(found, anchorMet))
    if (given['export'] !== undefined) await exportTo(app, group, given['export'], say)
  }
  return status
}

/** Checks an exported log; needs neither database nor settings. */
export async function verifyAuditFile(given: Given, say: (line: string) => void): Promise<number> {
  const anchor = headIn(given, 'anchor')
  try {
    const lines = createInterface({ input: createReadStream(given['file'] ?? ''), crlfDelay: Infinity })
    const { header, found, anchorMet } = await verifyExport(lines, anchor)
    say(sentence(`${header.name} (${header.group}), exported ${header.exportedAt}`, found, anchorMet))
    return statusOf(found, anchorMet)
  } catch (error) {
    if (error instanceof NoExport) throw new UsageError(error.message)
    if ((error as { code?: string }).code === 'ENOENT') throw new UsageError(`There is no file ${given['file']}.`)
    throw error
  }
}

/** What two admins do on the page of the log, done by whoever runs the server. */
export async function acceptAudit(
  app: INestApplicationContext,
  given: Given,
  say: (line: string) => void,
): Promise<number> {
  const group = await groupOf(app, given)
  const head = await app.get(LogWatchService).resumeAsOperator(group, needed(given, 'reason'))
  say(`${group.slug}: publishing goes on. From now on the log is checked from ${writeHead(head)} on.`)
  return whole
}

async function exportTo(
  app: INestApplicationContext,
  group: Group,
  file: string,
  say: (line: string) => void,
): Promise<void> {
  const out = createWriteStream(file, { mode: 0o600 })
  const head = await app.get(AuditLog).export(group, app.get(Clock).now().toISO() ?? '', async (text) => {
    if (!out.write(text)) await once(out, 'drain')
  })
  out.end()
  await finished(out)
  await app
    .get(Transaction)
    .run((manager) =>
      app.get(AuditLog).append(manager, group.id, { kind: 'log-exported', member: null, upTo: head.seq }),
    )
  say(`${group.slug}: wrote ${head.seq} entries to ${file}`)
}

function sentence(name: string, found: Verification, anchorMet: boolean): string {
  if (found.kind === 'broken') return `${name}: broken at ${found.brokenAt}: ${found.reason}`
  return `${name}: whole, ${found.head.seq} entries, head ${writeHead(found.head)}${anchorMet ? '' : '; the anchor is not met'}`
}

function statusOf(found: Verification, anchorMet: boolean): number {
  if (found.kind === 'broken') return broken
  return anchorMet ? whole : anchorNotMet
}

/** A broken chain is worse than an anchor that is not met. */
function worse(one: number, other: number): number {
  return one === broken || other === broken ? broken : Math.max(one, other)
}

function headIn(given: Given, option: string): AuditHead | null {
  const text = given[option]
  if (text === undefined) return null
  const head = readHead(text)
  if (head === null)
    throw new UsageError(
      `"${text}" is no place in a log. Write --${option} as a receipt has it: the number of the entry, a colon, and 64 digits and letters.`,
    )
  return head
}
