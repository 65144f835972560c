import type { DateTime } from 'luxon'

import type { Finding } from '../platforms/platform.js'
import type { Channel } from './channel.js'
import { reminderDays } from './keeping.js'

/** What is known of a channel without asking anybody. */
export function standingFindings(channel: Channel, now: DateTime): Finding[] {
  const { state, cause, limitedUntil, renewAt, consentUntil } = channel
  const findings: Finding[] = []
  if (state === 'to_reconnect') {
    const said = `It has to be connected again.${cause === null ? '' : ` ${cause}`}`
    findings.push({ about: 'state', state: 'bad', said, nextStep: 'Under Group, Channels, press “Connect again”.' })
  } else if (state === 'paused') {
    const nextStep = 'Under Group, Channels, press “Go on” when posts should go out again.'
    findings.push({ about: 'state', state: 'warning', said: 'It is paused by somebody of the group.', nextStep })
  } else findings.push({ about: 'state', state: 'good', said: 'It is connected.', nextStep: null })
  if (limitedUntil !== null && limitedUntil > now) {
    const said = `The network asked for a pause until ${spoken(limitedUntil)}.`
    findings.push({ about: 'pause', state: 'warning', said, nextStep: 'Nothing to do: it goes on by itself.' })
  }
  if (renewAt !== null) findings.push(renewal(renewAt, now))
  if (consentUntil !== null) findings.push(consent(consentUntil, now))
  return findings
}

/** A renewal is looked for every minute: one that is an hour late has failed for an hour. */
function renewal(renewAt: DateTime, now: DateTime): Finding {
  const late = now.diff(renewAt).as('minutes') > 60
  return {
    about: 'renewal',
    state: late ? 'warning' : 'good',
    said: late
      ? `Its credentials should have been renewed on ${spoken(renewAt)}, and have not been.`
      : `Its credentials are renewed by themselves from ${spoken(renewAt)} on.`,
    nextStep: late ? 'Look whether a process with ROLE all or worker runs, and whether the network answers.' : null,
  }
}

function consent(until: DateTime, now: DateTime): Finding {
  const days = until.diff(now).as('days')
  const soon = days < reminderDays[0]
  return {
    about: 'consent',
    state: days <= 0 ? 'bad' : soon ? 'warning' : 'good',
    said:
      days <= 0
        ? `What somebody agreed to at the network ended on ${spoken(until)}.`
        : `Somebody has to agree again at the network by ${spoken(until)}.`,
    nextStep: soon ? 'Under Group, Channels, press “Connect again” and agree.' : null,
  }
}

function spoken(instant: DateTime): string {
  return instant.toUTC().setLocale('en-GB').toFormat(`d LLLL yyyy, HH:mm 'UTC'`)
}
