import type { DateTime } from 'luxon'

import type { ChannelFact, GroupFacts, NeedFacts } from './facts.js'
import { capital, count, duration, listed, opening, short } from './words.js'

/** Something to do, and the page of the workspace where it is done (`/g/...`). */
export interface Need {
  readonly text: string
  readonly path: string
}

/** More than this is one line that leads to the queue. */
const mostOfAKind = 4
const wordsLimit = 50

/** How long what is planned has to reach for nobody to be told. */
const enoughDays = 6

/** What needs somebody at `now`, the most urgent first, each with one link. */
export function needsOf(facts: NeedFacts, group: GroupFacts, now: DateTime): Need[] {
  const home = `/g/${group.slug}`
  const post = (postId: string) => `${home}/posts/${postId}`
  return [
    ...facts.channels
      .filter((channel) => channel.toReconnect)
      .map((channel) => ({
        text: `${channel.name} has to be connected again; its posts wait.`,
        path: `${home}/settings/channels`,
      })),
    ...atMost(
      facts.troubled.map((each) => ({ text: troubleText(each), path: post(each.postId) })),
      home,
      'posts did not go out as planned',
    ),
    ...waitingNeeds(facts, group, now),
    ...atMost(
      facts.held.map((each) => ({
        text: `${quoted(each.text)} is on hold until somebody looks at it afresh.`,
        path: post(each.postId),
      })),
      home,
      'posts are on hold',
    ),
    ...dryNeeds(facts.channels, group.zone, now).map((text) => ({
      text: `${capital(text)}.`,
      path: `${home}/posts/new`,
    })),
    ...(facts.activeAdmins < 2
      ? [
          {
            text: 'The group has only one active admin. With one more, nobody can be locked out.',
            path: `${home}/settings/people`,
          },
        ]
      : []),
  ]
}

/** The same in a few words for the headline, the most urgent first. */
export function needPieces(facts: NeedFacts, zone: string, now: DateTime): string[] {
  const reconnect = facts.channels.filter((channel) => channel.toReconnect).map((channel) => channel.name)
  const unconfirmed = facts.troubled.filter((each) => each.state === 'unconfirmed').length
  const failed = facts.troubled.filter((each) => ['failed', 'missed'].includes(each.state)).length
  const waiting = facts.waiting.length
  return [
    ...(reconnect.length > 0
      ? [`${listed(reconnect)} ${reconnect.length === 1 ? 'has' : 'have'} to be connected again`]
      : []),
    ...(failed > 0 ? [`${failed} could not go out`] : []),
    ...(unconfirmed > 0 ? [`${unconfirmed} ${unconfirmed === 1 ? 'has' : 'have'} to be looked for`] : []),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'needs' : 'need'} a reviewer`] : []),
    ...dryNeeds(facts.channels, zone, now),
  ]
}

/** Whether nothing waits for anybody; a queue that runs dry does not count. */
export function nothingWaits(facts: NeedFacts): boolean {
  return (
    facts.waiting.length + facts.held.length + facts.troubled.length === 0 &&
    !facts.channels.some((channel) => channel.toReconnect)
  )
}

/** When each channel's queue runs dry: "Facebook is empty after Thursday". */
export function dryNeeds(channels: readonly ChannelFact[], zone: string, now: DateTime): string[] {
  const today = now.setZone(zone).startOf('day')
  const usable = channels.filter((channel) => !channel.toReconnect)
  const empty = usable.filter((channel) => channel.lastPlanned === null).map((channel) => channel.name)
  const soon = usable.flatMap(({ name, lastPlanned }) => {
    if (lastPlanned === null) return []
    const day = lastPlanned.setZone(zone).startOf('day')
    const days = Math.round(day.diff(today, 'days').days)
    if (days >= enoughDays) return []
    return [`${name} is empty after ${days <= 0 ? 'today' : day.setLocale('en-GB').toFormat('cccc')}`]
  })
  return [...(empty.length > 0 ? [`nothing is planned on ${listed(empty)}`] : []), ...soon]
}

function waitingNeeds(facts: NeedFacts, group: GroupFacts, now: DateTime): Need[] {
  const [oldest, ...others] = facts.waiting
  if (!oldest) return []
  const age = duration(now.diff(oldest.since, 'minutes').minutes)
  if (others.length === 0) {
    return [
      {
        text: `${quoted(oldest.text)} has waited ${age} for a reviewer.`,
        path: `/g/${group.slug}/posts/${oldest.postId}`,
      },
    ]
  }
  return [
    {
      text: `${count(facts.waiting.length, 'post')} wait for a reviewer, the oldest for ${age}.`,
      path: `/g/${group.slug}/queue`,
    },
  ]
}

function troubleText({ text, channelName, state, cause, repostOf }: NeedFacts['troubled'][number]): string {
  const repost = repostOf === null ? null : `repost of ${opening(repostOf, wordsLimit)}`
  const words = repost === null ? quoted(text) : `Our ${repost}`
  switch (state) {
    case 'unconfirmed':
      return `Is ${repost === null ? words : `our ${repost}`} on ${channelName}? The network did not answer; please look and say.`
    case 'missed':
      return `${words} missed its time on ${channelName}.`
    case 'retracting':
    case 'retracted':
      return repost === null
        ? `${words} was taken down from ${channelName}; a second person has to confirm it.`
        : `${words} was undone on ${channelName}; a second person has to confirm it.`
    default:
      return `${words} could not go out on ${channelName}${cause ? `: ${short(sentence(cause), 120)}` : '.'}`
  }
}

function atMost(needs: readonly Need[], home: string, others: string): Need[] {
  if (needs.length <= mostOfAKind) return [...needs]
  const shown = needs.slice(0, mostOfAKind - 1)
  return [...shown, { text: `${needs.length - shown.length} more ${others}.`, path: `${home}/queue` }]
}

/** A post's first words in quotation marks. */
export function quoted(text: string): string {
  const words = opening(text, wordsLimit)
  return words === '' ? 'A post without words' : `“${words}”`
}

/** With a full stop at its end. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
