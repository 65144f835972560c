import type { ParseArgsOptionsConfig } from 'node:util'

import type { INestApplicationContext } from '@nestjs/common'

import { DatabaseAddress } from '../database/database-address.js'
import { Transaction } from '../database/transaction.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { roles, type Role } from '../groups/roles.js'
import { SamePersonService } from '../groups/same-person.service.js'
import { SignInService } from '../groups/sign-in/sign-in.service.js'
import { Clock } from '../kernel/clock.js'
import { DueService } from '../scheduler/due.service.js'
import { SummariesService } from '../summaries/summaries.service.js'
import { ErasureService } from '../workspace/erasure.service.js'
import { acceptAudit, verifyAudit, verifyAuditFile } from './audit-commands.js'
import { examineChannels } from './channel-commands.js'
import { groupOf } from './group-of.js'
import { type Given, needed, UsageError } from './usage.js'

export interface Command {
  readonly about: string
  readonly options: ParseArgsOptionsConfig
  /** The option that may also be written without its name. */
  readonly words?: string
  /** @returns the exit status */
  run(app: INestApplicationContext, given: Given, say: (line: string) => void): Promise<number>
  /** What to run instead, without settings and database, when a file is given. */
  readonly onFile?: (given: Given, say: (line: string) => void) => Promise<number>
}

const text = { type: 'string' } as const

const verify: Command = {
  about:
    'Recomputes the audit log’s hash chain, of all groups or one. --anchor SEQ:HASH, as printed in a summary or receipt, shows a cut or rewritten one; --since SEQ:HASH looks from there on only; --export writes the log to a file, and --file checks such a file without the database. Exit status: 0 whole, 1 broken, 2 anchor not met, 3 could not run.',
  options: { group: text, anchor: text, since: text, export: text, file: text },
  run: verifyAudit,
  onFile: verifyAuditFile,
}

/** Every command by its name. */
export const commands: Readonly<Record<string, Command>> = {
  'group:create': {
    about: 'Makes a group and its first admin, who gets a mail to sign in with.',
    options: { name: text, 'time-zone': text, 'admin-name': text, 'admin-email': text },
    async run(app, given, say) {
      const admin = {
        name: needed(given, 'admin-name'),
        email: needed(given, 'admin-email'),
        roles: ['admin'] as const,
        getsSummary: true,
      }
      const group = await app.get(Transaction).run(async (manager) => {
        const made = await app
          .get(GroupsService)
          .create(manager, { name: needed(given, 'name'), timeZone: needed(given, 'time-zone') })
        await app.get(MembersService).add(manager, made, admin)
        return made
      })
      await app.get(SignInService).mailLink(admin.email)
      say(`Made the group ${group.name} (${group.slug}). ${admin.name} gets a mail to sign in with.`)
      return 0
    },
  },
  'member:invite': {
    about: `Adds somebody to a group. --roles takes any of ${roles.join(', ')}, with commas between them.`,
    options: { group: text, name: text, email: text, roles: text },
    async run(app, given, say) {
      const group = await groupOf(app, given)
      const wanted = needed(given, 'roles')
        .split(',')
        .map((each) => each.trim())
      const unknown = wanted.find((each) => !isRole(each))
      if (unknown !== undefined) throw new UsageError(`"${unknown}" is no role. Use ${roles.join(', ')}.`)
      const email = needed(given, 'email')
      const member = await app
        .get(Transaction)
        .run((manager) =>
          app
            .get(MembersService)
            .add(manager, group, { name: needed(given, 'name'), email, roles: wanted.filter(isRole) }),
        )
      await app.get(SignInService).mailLink(email)
      say(`Added ${member.name} to ${group.name} as ${member.roles.join(', ')}. A mail to sign in with is on its way.`)
      return 0
    },
  },
  'person:erase': {
    about:
      'Erases name, address, mails, devices and words of a person, who leaves every group; the log stays whole. Write the address after the command.',
    options: { email: text },
    words: 'email',
    async run(app, given, say) {
      const groups = await app.get(ErasureService).erase(needed(given, 'email'))
      say(
        `Erased, in ${groups} ${groups === 1 ? 'group' : 'groups'}. Look yourself for what others wrote about this person: texts of posts, notes, pictures, and the contact details of accountable managers. Backups keep what they have until they are thrown away.`,
      )
      return 0
    },
  },
  'passkeys:forget': {
    about:
      'Removes all passkeys of a person who has lost them, and signs them out everywhere; they are told by mail. Write the address after the command.',
    options: { email: text },
    words: 'email',
    async run(app, given, say) {
      const email = needed(given, 'email')
      const count = await app.get(SignInService).forgetPasskeys(email)
      say(
        `Removed ${count} ${count === 1 ? 'passkey' : 'passkeys'} of ${email}, who is signed out everywhere and signs in by mail from now on.`,
      )
      return 0
    },
  },
  'person:merge': {
    about:
      'Says that two sign-ins are one human being, in all groups. Approvals of the one for the other end. Not undone.',
    options: { email: text, 'same-as': text },
    async run(app, given, say) {
      const [email, sameAs] = [needed(given, 'email'), needed(given, 'same-as')]
      await app.get(SamePersonService).mergeByEmail(email, sameAs)
      say(`${email} and ${sameAs} count as one person from now on. Both are told by mail.`)
      return 0
    },
  },
  'channel:doctor': {
    about:
      'Looks at channels and their networks: credentials, permissions, limits, quota, clock, whether they can be reached, and when somebody has to agree again. Says what to do; nothing becomes public. --channel takes a name, handle or id. Exit status: 0 nothing is bad, 1 something is, 3 could not run.',
    options: { group: text, channel: text },
    run: examineChannels,
  },
  'due:list': {
    about: 'Lists what is due or planned in the next day, with what each still waits for.',
    options: { group: text },
    async run(app, given, say) {
      const group = given['group'] === undefined ? null : await groupOf(app, given)
      const due = await app.get(DueService).list(group?.id ?? null)
      for (const each of due) say([each.slot, each.groupSlug, each.channelName, each.waitsFor, each.postId].join('\t'))
      if (due.length === 0) say('Nothing is due or planned in the next 24 hours.')
      return 0
    },
  },
  'summary:send': {
    about: 'Computes and mails the summary of a week, such as 2026-W47, whether or not it was mailed before.',
    options: { group: text, week: text },
    async run(app, given, say) {
      const group = await groupOf(app, given)
      const week = needed(given, 'week')
      if (!/^\d{4}-W[0-5]\d$/.test(week)) throw new UsageError(`"${week}" is no week. Write it as 2026-W47.`)
      const mailed = await app.get(SummariesService).send(group.id, week)
      say(`The summary of ${group.name} for ${week} goes to ${mailed} ${mailed === 1 ? 'person' : 'people'}.`)
      return 0
    },
  },
  'audit:verify': verify,
  'audit:accept': {
    about:
      'Lets a group publish again after its log was found broken and somebody has looked. The log is checked from here on; --reason is written down.',
    options: { group: text, reason: text },
    run: acceptAudit,
  },
  verify: { ...verify, about: 'The same as audit:verify.' },
  'database:address': {
    about: 'Prints the address of the database, password included, for pg_dump or psql while Seconder runs.',
    options: {},
    async run(app, _given, say) {
      say(app.get(DatabaseAddress).url)
      return 0
    },
  },
  'clock:now': {
    about: 'Prints the time by the product’s clock, which a demonstration can move.',
    options: {},
    async run(app, _given, say) {
      say(app.get(Clock).now().toISO() ?? '')
      return 0
    },
  },
}

function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text)
}
