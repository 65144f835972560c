/**
 * Bugs that a publisher may well have, planted one at a time in the sources as they are loaded. Each must be noticed.
 * `npm run simulate -- --plant NAME`. A text that is no longer there is an error: a plant never goes quietly.
 */
const claims = 'src/scheduler/claims.store.ts'
const attempts = 'src/scheduler/attempts.store.ts'
const publishing = 'src/scheduler/publishing.service.ts'
const outcomes = 'src/scheduler/outcomes.service.ts'
const settling = 'src/scheduler/settling.ts'
const publications = 'migrations/1795219200006-create-publications.ts'

export const plants = {
  'published-before-sending': [
    [
      publishing,
      '    let outcome: PublishOutcome\n',
      `    let outcome: PublishOutcome
    await this.settling.add({ claim, outcome: { kind: 'published', remoteId: 'soon', url: 'https://network.test/soon', at: '' } })
`,
    ],
    [publishing, '    await this.settling.add({ claim, outcome, sealed: prepared?.sealed() })\n', ''],
  ],
  'retry-after-timeout': [
    [
      settling,
      "  if (outcome.kind === 'unknown' || sent.doubt) return",
      "  if (outcome.kind === 'unknown') return tryAgain({ cause: outcome.cause, afterSeconds: null }, sent, now)\n  if (sent.doubt) return",
    ],
  ],
  'lease-back-to-planned': [
    [claims, "set state = 'in_doubt', doubt = true, updated_at", "set state = 'planned', updated_at"],
  ],
  'new-key-per-attempt': [
    [claims, 'publish_key = coalesce(p.publish_key, p.id::text)', "publish_key = p.id::text || '-' || p.tries"],
    [
      claims,
      '             tries = p.tries + 1, updated_at = clock()\n           from channels c',
      "             tries = p.tries + 1, publish_key = p.id::text || '-' || p.tries, updated_at = clock()\n           from channels c",
    ],
  ],
  'approval-only-when-planned': [
    [publications, 'wrong record;\n      begin\n', 'wrong record;\n      begin\n        return null;\n'],
    [
      publications,
      "          and po.state = 'approved' and po.held_at is null and not po.editing\n          -- The count is dear, and the gate makes it in any case: here only for what may still be cooling.\n          and (po.approved_at + (select max(greatest((y.content ->> 'coolingMinutes')::integer, (y.content ->> 'atOnceCoolingMinutes')::integer))\n              from policies y where y.group_id = p.group_id and y.state = 'in_force') * interval '1 minute' <= now\n            or coalesce(may_go_from(p.group_id, p.post_id), now) <= now)\n",
      '',
    ],
  ],
  'app-clock-decides': [
    [publications, "            when e.slot > c.now then 'the slot has not come'\n", ''],
    [publishing, 'leaseSeconds, room, skip)', 'leaseSeconds, room, skip, this.clock.now().toJSDate())'],
    [
      claims,
      '    skip: readonly string[],\n  ): Promise<Claim[]> {',
      '    skip: readonly string[], now: Date,\n  ): Promise<Claim[]> {',
    ],
    [claims, 'this.lockDue(manager, most, skip)', 'this.lockDue(manager, most, skip, now)'],
    [
      claims,
      'most: number, skip: readonly string[]): Promise<Due[]> {',
      'most: number, skip: readonly string[], now: Date): Promise<Due[]> {',
    ],
    [publications, 'lock_due(most integer, skip uuid[])', 'lock_due(most integer, skip uuid[], now timestamptz)'],
    [publications, 'declare now timestamptz := clock(); groups', 'declare groups'],
    [claims, 'from lock_due($1, $2)`', 'from lock_due($1, $2, $3)`'],
    [claims, '[most, [...skip]],', '[most, [...skip], now],'],
    [claims, 'return row?.due ?? false', 'return true'],
  ],
  // A real one, found by seed 26: see README.md.
  'app-clock-settles': [[outcomes, 'const now = await this.claims.now(manager)', 'const now = this.clock.now()']],
  'no-spacing': [[publications, "> now - c.gap_minutes * interval '1 minute')", '> now)']],
  'no-freshness': [
    [
      publications,
      "          and now <= greatest(coalesce(p.window_ends, p.slot), p.slot + interval '30 minutes')\n",
      '',
    ],
  ],
  'failed-after-doubt': [
    [
      settling,
      "    case 'blocked':\n      return { kind: 'ask', cause }",
      "    case 'blocked':\n      return { kind: 'failed', cause, nextStep: 'Copy it.' }",
    ],
  ],
  'cancel-without-check': [['src/drafts/posts.service.ts', "    insist('cancel', ", '    void (']],
  'no-deadline': [
    [
      'src/scheduler/deadline.ts',
      'this.endMs = clock.monotonicMs() + ms',
      'this.endMs = clock.monotonicMs() + ms * 1000',
    ],
  ],
  'deadline-after-claim': [
    [
      publishing,
      '    const deadline = new Deadline(this.clock, deadlineMs)\n    const claims = await this.claim(room, skip)\n',
      '    const claims = await this.claim(room, skip)\n    const deadline = new Deadline(this.clock, deadlineMs)\n',
    ],
  ],
  'no-fence': [
    [attempts, "claim && publication.state === 'publishing' && publication.tries === claim.attempt", 'claim'],
    [attempts, " and p.tries = s.number and p.state = 'publishing'\n         returning", '\n         returning'],
  ],
  'thread-from-its-beginning': [['src/scheduler/sending.service.ts', 'parts.slice(out.length)', 'parts']],
  // A real one, found by seed 100265.
  'thread-without-gap': [[publications, "('planned', 'failed') or o.remote_id is not null)", "('planned', 'failed'))"]],
  // Real ones, found by the seeds 110564 and 100606.
  'unconfirmed-without-gap': [
    [publications, "case when o.state <> 'unconfirmed' then (select max", 'case when true then (select max'],
  ],
  'old-password-stops-the-channel': [
    ['src/channels/channels.store.ts', ' and sealed_credentials = $4 and cause is null`', " and $4 <> ''`"],
    [outcomes, "if (outcome.kind !== 'unauthorized' || sealed === undefined) return outcome", 'return outcome'],
  ],
  'missed-without-doubt-check': [
    [
      'src/scheduler/publications.store.ts',
      "`p.state = 'planned' and p.slot <= clock() and po.held_at",
      "`p.state in ('planned', 'in_doubt', 'unconfirmed') and p.slot <= clock() and po.held_at",
    ],
    ['src/reviewers/late.service.ts', "publication.state !== 'planned' ||", ''],
  ],
  'doubt-back-through-planned': [
    [
      settling,
      "    case 'retry':\n      return { kind: 'look', cause, notBefore: later(settled, pauseAfter(outcome, sent, now)) }",
      "    case 'retry':\n      return { kind: 'again', cause, at: later(settled, pauseAfter(outcome, sent, now)) }",
    ],
  ],
}

/** The source of a file with the bug in it, where it belongs there. */
export function planter(name) {
  const changes = plants[name]
  if (!changes) throw new Error(`There is no plant "${name}". There are: ${Object.keys(plants).join(', ')}.`)
  return (filename, source) => {
    for (const [file, find, replacement] of changes) {
      if (!filename.endsWith(file)) continue
      if (!source.includes(find)) throw new Error(`The plant "${name}" does not find its place in ${file} any more`)
      source = source.replace(find, () => replacement)
    }
    return source
  }
}
