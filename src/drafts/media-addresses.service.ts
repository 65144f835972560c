import { Injectable } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { Sealing } from '../kernel/sealing.js'
import { MediaService } from './media.service.js'
import type { MediaWithBytes } from './media.store.js'

const purpose = 'public media address'
const goodForMinutes = 60
const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
}

/**
 * Addresses from which a network's own servers fetch a picture or film that is just being sent, as Meta's do. Sealed, so
 * that nobody can make one up or read from it whose picture it is, and good for an hour.
 */
@Injectable()
export class MediaAddresses {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly sealing: Sealing,
    private readonly media: MediaService,
  ) {}

  /** Null when this installation has no https address: nobody outside could fetch from it. */
  addressOf(groupId: string, sha256: string, mime: string): string | null {
    if (!this.config.publicOrigin.startsWith('https://')) return null
    const until = this.clock.now().plus({ minutes: goodForMinutes }).toMillis()
    const token = this.sealing.seal(JSON.stringify({ groupId, sha256, until }), purpose)
    return `${this.config.publicOrigin}/media/${token}.${endings[mime] ?? 'bin'}`
  }

  /** @throws DomainError `no-such-picture` for whatever we did not make, and after its hour */
  async open(token: string): Promise<MediaWithBytes> {
    const named = this.read(token.replace(/\.[a-z0-9]+$/, ''))
    const media =
      named && named.until > this.clock.now().toMillis()
        ? await this.media.bytesByHash(named.groupId, named.sha256)
        : null
    if (!media) throw new DomainError('no-such-picture', 'There is nothing here any more.', 'not-found')
    return media
  }

  private read(token: string): { groupId: string; sha256: string; until: number } | null {
    try {
      return JSON.parse(this.sealing.open(token, purpose)) as { groupId: string; sha256: string; until: number }
    } catch {
      return null
    }
  }
}
