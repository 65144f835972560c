import type { DateTime } from 'luxon'

import { isExactOn, type Wish } from '../drafts/content.js'
import type { Capabilities } from '../platforms/platform.js'
import { isOutInPart, mayMove, type PublicationState } from './publication.js'
import { spokenTime } from './spoken-time.js'

const sentences: { readonly [State in PublicationState]: string } = {
  planned: 'Planned',
  publishing: 'Going out now',
  published: 'Went out',
  failed: 'Could not go out',
  in_doubt: 'Being looked up: we got no clear answer',
  unconfirmed: 'Please look: is it there?',
  missed: 'Missed its time',
  cancelled: 'Cancelled',
  retracting: 'Being taken down',
  retracted: 'Taken down',
}

/** What is not ours is not taken down; only that we pass it on ends. */
const sentencesOfRepost: Partial<typeof sentences> = { retracting: 'Being undone', retracted: 'Undone' }

/** What is said of taking something down: a post of ours, or a repost, by which somebody else's stays where it is. */
interface TakingDownWords {
  /** What a person asks for, after their name. */
  readonly asked: string
  /** What another person says to have seen. */
  readonly acknowledged: string
  readonly done: string
  readonly refused: string
  /** What a person has to do then. */
  readonly byHand: string
}

const takingDown: TakingDownWords = {
  asked: 'asked to take it down',
  acknowledged: 'acknowledged that it was taken down.',
  done: 'It was taken down.',
  refused: 'It could not be taken down',
  byHand: 'Please take it down at the network yourself, by its address.',
}

const undoing: TakingDownWords = {
  asked: 'asked to undo the repost',
  acknowledged: 'acknowledged that the repost was undone.',
  done: 'The repost was undone. The post that it passed on is somebody else’s, and stays.',
  refused: 'The repost could not be undone',
  byHand: 'Please undo the repost at the network yourself; its address is that of the post that it passes on.',
}

export function takingDownWords(isRepost: boolean): TakingDownWords {
  return isRepost ? undoing : takingDown
}

/** What a publication waits for whose channel lost its connection. */
export const connectAgain = 'An admin has to connect the channel again; then it goes on.'

interface Failing {
  readonly state: PublicationState
  readonly failureAcceptedBy: string | null
}

interface Shown {
  readonly state: PublicationState
  readonly remoteId: string | null
}

/** A publication's state in a few words for people. */
export function sentenceOf({ state, remoteId }: Shown, isRepost = false): string {
  if (remoteId !== null && state === 'failed') return 'Out in part'
  if (remoteId !== null && state === 'in_doubt') return 'Out in part; the rest is looked up or follows'
  return (isRepost ? sentencesOfRepost[state] : undefined) ?? sentences[state]
}

/** Whether somebody can ask for it to be taken down. */
export function mayRetract({ state, remoteId }: Shown): boolean {
  return state === 'failed' ? isOutInPart({ state, remoteId }) : mayMove(state, 'retracting')
}

/** What taking it down cannot do at its network, said before somebody tries; null when it simply works. */
export function retractLimit(
  { name, retract, retractWithinHours }: Pick<Capabilities, 'name' | 'retract' | 'retractWithinHours'>,
  publishedAt: DateTime | null,
  now: DateTime,
  zone: string,
): string | null {
  if (!retract) return `${name} lets nobody delete posts from here: somebody has to do it there.`
  if (retractWithinHours === undefined || publishedAt === null) return null
  const end = publishedAt.plus({ hours: retractWithinHours })
  return now < end
    ? `${name} deletes it from here until ${spokenTime(end, zone)}; after that somebody has to do it there.`
    : `${name} deletes from here only what is younger than ${retractWithinHours} hours: somebody has to do it there.`
}

/** The states by which it is decided what can be done with a post: what is out in part is out. */
export function statesOf(publications: readonly Shown[]): PublicationState[] {
  return publications.map((each) => (isOutInPart(each) ? 'published' : each.state))
}

/** Whether a post has gone out on all its channels: there is nothing left to stop. */
export function isOut(states: readonly PublicationState[]): boolean {
  return states.length > 0 && states.every((state) => ['published', 'retracting', 'retracted'].includes(state))
}

/** Whether only a person can say if it is there. */
export function mayAnswer(state: PublicationState): boolean {
  return state === 'unconfirmed'
}

/** Whether it missed its time and may have the next free one; an exact time was agreed to, so another has to be too. */
export function mayReplan(
  { state, channelId }: { readonly state: PublicationState; readonly channelId: string },
  post: { readonly state: string; readonly wish: Wish; readonly editing: boolean },
): boolean {
  if (state !== 'missed' || post.editing || isExactOn(post.wish, channelId)) return false
  return post.state === 'in_review' || post.state === 'approved'
}

/** Until when a second person is to have said that they have seen a post being taken down. */
export function acknowledgeBy(askedAt: DateTime): DateTime {
  return askedAt.plus({ hours: 24 })
}

/** Whether a second person still has to confirm that it was taken down rightly. */
export function mayAcknowledge(state: PublicationState, acknowledgedBy: string | null): boolean {
  return (state === 'retracting' || state === 'retracted') && acknowledgedBy === null
}

/** Whether somebody still has to say what becomes of it: it did not go out, or not all of it. */
export function isOpenFailure({ state, failureAcceptedBy }: Failing): boolean {
  return (state === 'failed' || state === 'missed') && failureAcceptedBy === null
}

/** Whether somebody can leave it at that. What is being changed is sent anew, and what is cancelled asks for nothing. */
export function mayAcceptFailure(
  publication: Failing,
  post: { readonly state: string; readonly editing: boolean },
): boolean {
  return isOpenFailure(publication) && !post.editing && post.state !== 'cancelled'
}

/** How an attempt ended, in a few words. */
export function outcomeWords(state: string): string {
  const words: Record<string, string> = {
    sending: 'Sending',
    published: 'Went out',
    retry: 'Did not go out; it will be tried again',
    limited: 'The network asked for a pause',
    rejected: 'The network refused it',
    unauthorized: 'The channel has to be connected again',
    blocked: 'A person has to act at the network',
    unknown: 'No clear answer came',
  }
  return words[state] ?? state
}
