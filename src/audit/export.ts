import type { AuditEntry, AuditHead } from './chain.js'
import { ChainWalk, readHead, type Verification, writeHead } from './chain.js'

/** The first line of an exported log; every further line is an entry. */
export interface ExportHeader {
  readonly format: 'seconder-audit'
  readonly version: 1
  /** The group's id; it is part of every hash. */
  readonly group: string
  /** The group's name at that time, for people; nothing depends on it. */
  readonly name: string
  /** `SEQ:HASH` of the last entry in the file. */
  readonly head: string
  readonly exportedAt: string
}

/** The file is no exported log, or not a readable one. */
export class NoExport extends Error {}

export function headerLine(group: { id: string; name: string }, head: AuditHead, exportedAt: string): string {
  const header: ExportHeader = {
    format: 'seconder-audit',
    version: 1,
    group: group.id,
    name: group.name,
    head: writeHead(head),
    exportedAt,
  }
  return `${JSON.stringify(header)}\n`
}

/** The payload stays the very text that was hashed, as one JSON string. */
export function entryLine({ seq, at, previousHash, hash, payload }: AuditEntry): string {
  return `${JSON.stringify({ seq, at, previousHash, hash, payload })}\n`
}

/**
 * Verifies an exported log without a database.
 * @throws NoExport when a line is not what an export holds
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  anchor: AuditHead | null = null,
): Promise<{ header: ExportHeader; found: Verification; anchorMet: boolean }> {
  let header: ExportHeader | null = null
  let walk: ChainWalk | null = null
  let end: AuditHead | null = null
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    const content = parse(line, number)
    if (header === null || walk === null) {
      if (!isHeader(content)) throw new NoExport('The first line is not the head of an exported audit log.')
      header = content
      end = readHead(header.head)
      if (end === null) throw new NoExport(`"${header.head}" in the first line is no head of a log.`)
      walk = new ChainWalk(header.group, undefined, anchor)
      continue
    }
    if (!isEntry(content)) throw new NoExport(`Line ${number} is no entry of an audit log.`)
    if (!walk.take(content)) break
  }
  if (header === null || walk === null || end === null) throw new NoExport('The file is empty.')
  return { header, found: walk.end(end), anchorMet: walk.anchorMet }
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new NoExport(`Line ${number} cannot be read.`, { cause: error })
  }
}

function isHeader(content: unknown): content is ExportHeader {
  const given = content as Partial<ExportHeader> | null
  return (
    given?.format === 'seconder-audit' &&
    given.version === 1 &&
    typeof given.group === 'string' &&
    typeof given.head === 'string'
  )
}

function isEntry(content: unknown): content is AuditEntry {
  const given = content as Partial<AuditEntry> | null
  return (
    Number.isSafeInteger(given?.seq) &&
    [given?.at, given?.previousHash, given?.hash, given?.payload].every((part) => typeof part === 'string')
  )
}
