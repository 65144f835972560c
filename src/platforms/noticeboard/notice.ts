import type { DateTime } from 'luxon'

/** A group as its public page knows it. */
export interface Noticeboard {
  readonly groupId: string
  readonly slug: string
  readonly name: string
  /** IANA; times are shown in it. */
  readonly timeZone: string
  /** Of a demonstration: search engines are asked to leave it out. */
  readonly demo: boolean
}

/** A picture of a notice, without its bytes. */
export interface NoticePicture {
  /** From 0, in the approved order. */
  readonly position: number
  readonly mime: string
  /** Bytes. */
  readonly size: number
  readonly width: number
  readonly height: number
  readonly alt: string
}

/** What anybody may read. */
export interface Notice {
  readonly id: string
  readonly text: string
  readonly link: string | null
  /** BCP 47. */
  readonly language: string
  /** UTC. */
  readonly publishedAt: DateTime
  /** How often "This was useful" was pressed. */
  readonly useful: number
  readonly pictures: readonly NoticePicture[]
}

/** A stretch of a noticeboard, newest first. */
export interface NoticePage {
  readonly notices: readonly Notice[]
  readonly hasNewer: boolean
  readonly hasOlder: boolean
}

/** What stands behind a notice's address: the notice, the place where it was, or nothing that ever was. */
export type NoticeLookup =
  | { readonly kind: 'shown'; readonly notice: Notice }
  | { readonly kind: 'retracted'; readonly at: DateTime }
  | { readonly kind: 'unknown' }

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether text from an address can be a notice's id at all. */
export function isNoticeId(text: string): boolean {
  return uuidForm.test(text)
}
