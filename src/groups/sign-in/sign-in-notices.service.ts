import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../../config/config.js'
import { composeMail, type MailPart } from '../../mail/mail-layout.js'
import { Mailer } from '../../mail/mailer.service.js'
import type { Person } from '../people.service.js'

const ifNotYou =
  'If this was not you, open "Your sign-in" now, sign out all other devices, and tell an admin of your group.'

/** Tells a person by mail what has changed about the ways in: whoever did it, the owner should know. */
@Injectable()
export class SignInNotices {
  constructor(
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  passkeyAdded(manager: EntityManager, person: Person, name: string): Promise<void> {
    return this.send(manager, person, 'passkey-added', 'A passkey was added to your sign-in', [
      { kind: 'text', text: `The passkey "${name}" was added. From now on it signs you in without a mail.` },
      { kind: 'text', text: ifNotYou },
    ])
  }

  passkeyRemoved(manager: EntityManager, person: Person, name: string): Promise<void> {
    return this.send(manager, person, 'passkey-removed', 'A passkey was removed from your sign-in', [
      { kind: 'text', text: `The passkey "${name}" was removed and opens nothing any more.` },
      { kind: 'text', text: ifNotYou },
    ])
  }

  passkeysForgotten(manager: EntityManager, person: Person): Promise<void> {
    return this.send(manager, person, 'passkeys-forgotten', 'Your passkeys were removed', [
      {
        kind: 'text',
        text: 'Whoever runs this installation of Seconder has removed all your passkeys and signed you out everywhere. Sign in by a mailed link, and add a new passkey.',
      },
      { kind: 'text', text: 'If you have not asked for this, tell an admin of your group now.' },
    ])
  }

  passkeyCopied(manager: EntityManager, person: Person, name: string): Promise<void> {
    return this.send(manager, person, 'passkey-refused', 'A passkey of yours was refused', [
      {
        kind: 'text',
        text: `The passkey "${name}" was used with a counter that had been used before. That happens when a key was copied, so it was refused.`,
      },
      { kind: 'text', text: 'Remove this passkey under "Your sign-in" and add a new one.' },
    ])
  }

  newDevice(manager: EntityManager, person: Person, words: string): Promise<void> {
    return this.send(manager, person, 'new-device', 'You signed in on a new device', [
      {
        kind: 'text',
        text: `Somebody, probably you, signed in as ${person.email} on a device that was not used before: ${words}.`,
      },
      { kind: 'text', text: ifNotYou },
    ])
  }

  stepUpCode(manager: EntityManager, person: Person, code: string, minutes: number): Promise<void> {
    return this.send(manager, person, 'step-up-code', 'Your code', [
      { kind: 'text', text: 'Type this code where you were asked whether it is really you:' },
      { kind: 'code', text: code },
      {
        kind: 'small',
        text: `It works for ${minutes} minutes, on that device alone. Nobody from Seconder asks you for it. If you asked for nothing, do not pass it on.`,
      },
    ])
  }

  private async send(
    manager: EntityManager,
    person: Person,
    kind: string,
    subject: string,
    parts: readonly MailPart[],
  ): Promise<void> {
    await this.mailer.enqueue(manager, {
      groupId: null,
      personId: person.id,
      to: person.email,
      kind,
      subject,
      ...composeMail(
        [
          { kind: 'text', text: `Hello ${person.name},` },
          ...parts,
          ...(kind === 'step-up-code'
            ? []
            : [{ kind: 'button', label: 'Your sign-in', href: `${this.config.publicOrigin}/account` } as const]),
        ],
        { title: subject, groupName: 'Seconder', footer: 'Sent because it is about how you sign in to Seconder.' },
      ),
    })
  }
}
