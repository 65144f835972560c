import { Injectable } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId, newToken, sha256 } from '../kernel/ids.js'
import { Sealing } from '../kernel/sealing.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { Account, Consent, Credentials, Network, Platform } from '../platforms/platform.js'
import type { Channel } from './channel.js'
import { ChannelsService, credentialsPurpose } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { answersOf, ConnectingService } from './connecting.service.js'
import type { ConsentEntity } from './consent.entity.js'
import {
  backPath,
  type CameBack,
  challengeOf,
  consentMinutes,
  maySendTo,
  stateFor,
  whyNotAgreed,
  withKept,
} from './consent.js'
import { ConsentsStore } from './consents.store.js'
import { presetApps } from './preset-apps.js'

const purpose = 'consent'
const deadlineMs = 30_000

/** Who is on the way: a consent belongs to one member in one browser. */
export interface Traveller {
  readonly acting: ActingMember
  readonly sessionId: string
}

/** What somebody wants to connect. */
export interface Wanted {
  readonly network: Network
  readonly answers: Readonly<Record<string, unknown>>
  /** The channel to connect again; null for a new one. */
  readonly reconnect: string | null
}

/** What stands between a person and the end: nothing, or a choice among several accounts. */
export type Came =
  | { readonly kind: 'connected'; readonly channel: Channel }
  | {
      readonly kind: 'choose'
      readonly consentId: string
      readonly network: Network
      readonly accounts: readonly (Pick<Account, 'remoteAccountId' | 'handle' | 'url'> & {
        readonly connected: boolean
      })[]
      readonly reconnect: Channel | null
    }

/** What a consent has to remember, sealed. */
interface Way {
  readonly answers: Readonly<Record<string, string>>
  readonly verifier: string
  readonly memo: Readonly<Record<string, string>>
}

/**
 * Connecting by consent at the network (RFC 6749, section 4.1, with the state and PKCE of RFC 9700, section 2.1).
 * What comes back is told by the page that the browser is sent back to, in a request of its own: reading that page
 * changes nothing, so that whatever opens links ahead of a person cannot use up a code.
 */
@Injectable()
export class ConsentingService {
  constructor(
    private readonly consents: ConsentsStore,
    private readonly channels: ChannelsStore,
    private readonly known: ChannelsService,
    private readonly connecting: ConnectingService,
    private readonly platforms: PlatformRegistry,
    private readonly sealing: Sealing,
    private readonly transaction: Transaction,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns where the browser goes
   * @throws DomainError `no-consent`, `no-such-channel`, `missing-answer`, `connection-refused`
   */
  async begin(traveller: Traveller, wanted: Wanted): Promise<string> {
    const { acting } = traveller
    const { platform } = this.consentOf(wanted.network)
    let typed = wanted.answers
    if (wanted.reconnect !== null) {
      const channel = await this.known.get(acting.groupId, wanted.reconnect)
      if (channel.removedAt !== null || channel.network !== wanted.network) wrongChannel(platform)
      typed = withKept(platform.connectFields, typed, await this.keptOf(channel))
    }
    const preset = presetApps(this.config.networkApps)[wanted.network]
    return this.go(traveller, wanted.network, wanted.reconnect, answersOf(platform, { ...typed, ...preset }))
  }

  /**
   * The same once more, with what was typed then.
   * @throws DomainError as `begin`, and `consent-unknown`, `consent-elsewhere`, `consent-expired`
   */
  async again(traveller: Traveller, consentId: string): Promise<string> {
    const consent = this.ownOf(
      traveller,
      await this.consents.find(this.transaction.manager, traveller.acting.groupId, consentId),
    )
    return this.go(traveller, consent.network, consent.channelId, this.wayOf(consent).answers)
  }

  /**
   * Takes what came back with the browser, once.
   * @throws DomainError `consent-unknown`, `consent-elsewhere`, `consent-expired`, `consent-used`, `consent-denied`,
   * `connection-refused`, and all that connecting throws
   */
  async finish(traveller: Traveller, state: string, came: CameBack): Promise<Came> {
    const { groupId } = traveller.acting
    const consent = await this.transaction.run(async (manager) => {
      const found = this.ownOf(traveller, await this.consents.lockByState(manager, groupId, sha256(state)))
      if (found.cameBackAt !== null) {
        throw new DomainError(
          'consent-used',
          'This way back was used already. If the channel is not in the list, start again.',
          'conflict',
        )
      }
      // From here on it is used up, also if this process ends or the network refuses.
      await this.consents.update(manager, found, { cameBackAt: this.clock.now() })
      return found
    })
    const { platform, consent: port } = this.consentOf(consent.network)
    const details = { consentId: consent.id, network: consent.network, channelId: consent.channelId }
    const why = whyNotAgreed(came, platform.rules.capabilities.name)
    if (why !== null) throw new DomainError('consent-denied', why, 'invalid', details)
    const { answers, verifier, memo } = this.wayOf(consent)
    const trade = { code: came.code ?? '', redirectUri: this.redirectUri, verifier, memo }
    const outcome = await port.finish(answers, trade, AbortSignal.timeout(deadlineMs))
    if (outcome.kind === 'refused')
      throw new DomainError('connection-refused', outcome.cause, 'invalid', { ...details, field: outcome.field })
    const sealedAccounts = this.sealing.seal(JSON.stringify(outcome.accounts), purpose)
    await this.consents.update(this.transaction.manager, consent, { sealedAccounts })
    return this.settle(traveller, consent, outcome.accounts)
  }

  /**
   * Connects one of several accounts; another one than the channel's only where that is said expressly. Of a consent for
   * a new channel others can be chosen afterwards.
   * @throws DomainError `consent-unknown`, `consent-elsewhere`, `consent-expired`, `no-such-account`, and all that
   * connecting throws
   */
  async choose(
    traveller: Traveller,
    consentId: string,
    remoteAccountId: string,
    otherAccount: boolean,
  ): Promise<Channel> {
    const { acting } = traveller
    const consent = this.ownOf(traveller, await this.consents.find(this.transaction.manager, acting.groupId, consentId))
    const account = this.accountsOf(consent).find((each) => each.remoteAccountId === remoteAccountId)
    if (!account) {
      throw new DomainError(
        'no-such-account',
        'This account is none of those that you agreed to. Start again, and tick it at the network.',
        'not-found',
      )
    }
    return this.connect(acting, consent, account, otherAccount)
  }

  /** The one account that can be meant, connected; else the choice. */
  private async settle(traveller: Traveller, consent: ConsentEntity, accounts: readonly Account[]): Promise<Came> {
    const { acting } = traveller
    const reconnect = consent.channelId === null ? null : await this.known.get(acting.groupId, consent.channelId)
    const meant = reconnect
      ? accounts.find((each) => each.remoteAccountId === reconnect.remoteAccountId)
      : accounts.length === 1
        ? accounts[0]
        : undefined
    if (meant) return { kind: 'connected', channel: await this.connect(acting, consent, meant, false) }
    const there = await this.known.list(acting.groupId)
    const isConnected = (account: Account) =>
      there.some((each) => each.network === consent.network && each.remoteAccountId === account.remoteAccountId)
    return {
      kind: 'choose',
      consentId: consent.id,
      network: consent.network,
      accounts: accounts.map((account) => ({
        remoteAccountId: account.remoteAccountId,
        handle: account.handle,
        url: account.url,
        connected: isConnected(account),
      })),
      reconnect,
    }
  }

  private async connect(
    acting: ActingMember,
    consent: ConsentEntity,
    account: Account,
    otherAccount: boolean,
  ): Promise<Channel> {
    if (consent.channelId === null) return this.connecting.add(acting, consent.network, account)
    const channel = await this.connecting.replace(acting, consent.channelId, account, otherAccount)
    await this.consents.update(this.transaction.manager, consent, { sealedAccounts: null })
    return channel
  }

  private async go(
    { acting, sessionId }: Traveller,
    network: Network,
    channelId: string | null,
    answers: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { platform, consent } = this.consentOf(network)
    const state = stateFor(acting.groupId, newToken())
    const verifier = newToken()
    const way = { redirectUri: this.redirectUri, state, challenge: challengeOf(verifier) }
    const begun = await consent.begin(answers, way, AbortSignal.timeout(deadlineMs))
    if (begun.kind === 'refused')
      throw new DomainError('connection-refused', begun.cause, 'invalid', { field: begun.field })
    const privateHosts = this.config.privateHosts.split(',').map((host) => host.trim())
    if (!maySendTo(begun.url, privateHosts)) {
      throw new DomainError(
        'connection-refused',
        `${platform.rules.capabilities.name} would send you to an address that is not https, where others could read along. Check the address of the server; one in your own network has to be named in PRIVATE_HOSTS by whoever runs this installation.`,
      )
    }
    const now = this.clock.now()
    const kept: Way = { answers, verifier, memo: begun.memo }
    await this.consents.insert(this.transaction.manager, {
      groupId: acting.groupId,
      id: newId(now.toMillis()),
      stateHash: sha256(state),
      memberId: acting.memberId,
      sessionId,
      network,
      channelId,
      sealedWay: this.sealing.seal(JSON.stringify(kept), purpose),
      sealedAccounts: null,
      begunAt: now,
      expiresAt: now.plus({ minutes: consentMinutes }),
      cameBackAt: null,
    })
    return begun.url
  }

  /** The consent, if it is this member's, of this browser, and not over. */
  private ownOf({ acting, sessionId }: Traveller, consent: ConsentEntity | null): ConsentEntity {
    if (!consent) {
      throw new DomainError(
        'consent-unknown',
        'Nothing that was begun here fits to this. It may have been a while ago: start again.',
        'gone',
      )
    }
    if (consent.memberId !== acting.memberId || consent.sessionId !== sessionId) {
      throw new DomainError(
        'consent-elsewhere',
        'This was begun by somebody else, or in another browser or before you signed in anew. Go on in the browser in which you began, or start again here.',
        'forbidden',
      )
    }
    if (consent.expiresAt <= this.clock.now()) {
      throw new DomainError(
        'consent-expired',
        `More than ${consentMinutes} minutes have gone by since you began, so this is no longer taken. Start again.`,
        'gone',
      )
    }
    return consent
  }

  private consentOf(network: Network): { platform: Platform; consent: Consent } {
    const platform = this.platforms.get(network)
    if (platform.consent) return { platform, consent: platform.consent }
    throw new DomainError(
      'no-consent',
      `${platform.rules.capabilities.name} is connected by filling in its fields, without going there first.`,
    )
  }

  /** What the channel was connected with; nothing where it cannot be opened any more. */
  private async keptOf(channel: Channel): Promise<Credentials> {
    const row = await this.channels.find(this.transaction.manager, channel.groupId, channel.id)
    try {
      return JSON.parse(this.sealing.open(row?.sealedCredentials ?? '', credentialsPurpose)) as Credentials
    } catch {
      return {}
    }
  }

  private wayOf(consent: ConsentEntity): Way {
    return JSON.parse(this.sealing.open(consent.sealedWay, purpose)) as Way
  }

  private accountsOf({ sealedAccounts }: ConsentEntity): Account[] {
    return sealedAccounts === null ? [] : (JSON.parse(this.sealing.open(sealedAccounts, purpose)) as Account[])
  }

  private get redirectUri(): string {
    return `${this.config.publicOrigin}${backPath}`
  }
}

function wrongChannel(platform: Platform): never {
  throw new DomainError(
    'no-such-channel',
    `There is no channel of ${platform.rules.capabilities.name} here to connect again. It may have been removed.`,
    'not-found',
  )
}
