import { createHmac, timingSafeEqual } from 'node:crypto'

import { Injectable } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Sealing } from '../../kernel/sealing.js'
import { passMinutes } from '../asking/link.js'
import type { ReviewView } from './review-view.js'

const purpose = 'review pass'

/** Whom a form is made for: the holder of a link, or who is signed in. */
interface Holder {
  readonly request: { readonly id: string }
  readonly reviewer: { readonly personId: string }
  readonly token: string | null
  readonly otherPerson: { readonly personId: string } | null
}

/**
 * What the forms and pictures of a review page carry. Where the browser keeps no cookies, a pass stands for the cookie:
 * the link's token, sealed and good for an hour, in the body of forms and never in an address. A picture's address then
 * carries a signature that opens this one picture, for as long.
 */
@Injectable()
export class ReviewPassesService {
  constructor(
    private readonly sealing: Sealing,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  issue(token: string): string {
    return this.sealing.seal(JSON.stringify({ token, until: this.until() }), purpose)
  }

  /** @returns the link's token, or null when it is no pass, or one of more than an hour ago */
  open(pass: string | undefined): string | null {
    if (!pass) return null
    try {
      const { token, until } = JSON.parse(this.sealing.open(pass, purpose)) as { token: string; until: number }
      return until > this.clock.now().toMillis() ? token : null
    } catch {
      // Sealed by nobody, or with a secret of before.
      return null
    }
  }

  /** Ties a form to the visitor it was made for. */
  csrf(access: Holder): string {
    const holder = access.otherPerson?.personId ?? access.token ?? access.reviewer.personId
    return this.sign(`review ${access.request.id} ${holder}`)
  }

  isCsrf(access: Holder, given: string): boolean {
    return same(this.csrf(access), given)
  }

  /** Whether an address of a picture was made by `carried`, less than an hour ago. */
  opensPicture(requestId: string, hash: string, until: string, signature: string): boolean {
    const late = !/^\d{1,15}$/.test(until) || Number(until) <= this.clock.now().toMillis()
    return !late && same(this.pictureSignature(requestId, hash, until), signature)
  }

  /** The view for a browser without cookies: its pictures are opened by their addresses. */
  carried(view: ReviewView, pass: string): ReviewView {
    const until = String(this.until())
    const signed = (address: string): string =>
      address.replace(
        /^(\/review\/[^/]+\/pictures\/)([0-9a-f]{64})/,
        (_all, path: string, hash: string) =>
          `${path}${hash}/${until}/${this.pictureSignature(view.requestId, hash, until)}`,
      )
    const open = <Picture extends { src: string; small: string }>(picture: Picture): Picture => ({
      ...picture,
      src: signed(picture.src),
      small: signed(picture.small),
    })
    return {
      ...view,
      pass,
      // Comparing with another version is a link, which would come without the pass.
      earlierVersions: [],
      channels: view.channels.map((channel) => ({
        ...channel,
        pictures: channel.pictures.map(open),
        below: channel.below.map((part) => ({ ...part, pictures: part.pictures.map(open) })),
      })),
      since: view.since && {
        ...view.since,
        pictures: Object.fromEntries(
          Object.entries(view.since.pictures).map(([hash, picture]) => [hash, open(picture)]),
        ),
      },
    }
  }

  private pictureSignature(requestId: string, hash: string, until: string): string {
    return this.sign(`picture ${requestId} ${hash} ${until}`)
  }

  private until(): number {
    return this.clock.now().plus({ minutes: passMinutes }).toMillis()
  }

  private sign(what: string): string {
    return createHmac('sha256', this.config.secret).update(what).digest('base64url')
  }
}

function same(right: string, given: string): boolean {
  const one = Buffer.from(right)
  const other = Buffer.from(given)
  return one.length === other.length && timingSafeEqual(one, other)
}
