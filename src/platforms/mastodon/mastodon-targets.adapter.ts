import { sha256 } from '../../kernel/ids.js'
import type { HttpApi } from '../http-api.adapter.js'
import type { LookUpOutcome } from '../platform.js'
import { noQuotes, said } from './mastodon-answers.js'
import { failureOf, hasQuotes, statusAt } from './mastodon-server.adapter.js'
import { plainText } from './mastodon-text.js'
import type { Status } from './mastodon-wire.js'

/**
 * Looks for a post by its address on any server, which the account's own server fetches. A post that was passed on is
 * the one that somebody wrote. What was written to some people only is not for a whole group to read, so it is refused.
 */
export async function lookUpStatus(api: HttpApi, address: string, signal: AbortSignal): Promise<LookUpOutcome> {
  if (!/^https?:\/\//.test(address))
    return { kind: 'refused', cause: 'This is no address of a post; copy the whole one from the browser.' }
  try {
    const found = await statusAt(api, address, signal)
    const status = found.reblog ?? found
    if (status.visibility !== 'public' && status.visibility !== 'unlisted')
      return { kind: 'refused', cause: 'That post is not public, so that nothing is done with it from here.' }
    const whyNotQuoted = await quoteObstacle(api, status, signal)
    const { acct = '', username = '', display_name: name = '' } = status.account ?? {}
    return {
      kind: 'found',
      post: {
        remoteId: status.id,
        root: status.id,
        url: /^https?:\/\//.test(status.url ?? '') ? status.url! : address,
        author: { handle: acct || username, name },
        text: wordsIn(status),
        version: versionOf(status),
        // Told to the account that asks (https://docs.joinmastodon.org/entities/Status/#reblogged).
        ...(status.reblogged === undefined ? {} : { passedOn: status.reblogged }),
        ...(whyNotQuoted === null ? {} : { whyNotQuoted }),
      },
    }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.status === 404 || failure.status === 410) {
      const cause =
        'The server of this account finds no such post. It may be gone, not public, or on a server that yours does not talk to.'
      return { kind: 'refused', cause }
    }
    if (failure.status === 401 || failure.status === 403) {
      const cause = `The server does not let this account look for posts. Connect the channel again. ${said(failure)}`
      return { kind: failure.status === 401 ? 'unauthorized' : 'refused', cause }
    }
    return { kind: 'retry', cause: `The server could not be asked for it: ${said(failure)}` }
  }
}

/** A server without quotes would take our words alone; one with quotes says who is allowed to. */
async function quoteObstacle(api: HttpApi, { quote_approval: approval }: Status, signal: AbortSignal) {
  if (approval?.current_user === 'denied') return 'Whoever wrote that post does not let this account quote it.'
  // Where the server cannot be asked now, it is asked again before anything goes out.
  if (approval || (await hasQuotes(api, signal).catch(() => true))) return null
  return noQuotes
}

function wordsIn({ spoiler_text: warning = '', content = '' }: Status): string {
  return [warning, plainText(content)].filter((words) => words.trim() !== '').join('\n\n')
}

/** No server names a version, so what can be seen stands for it; `edited_at` since 3.5. */
function versionOf(status: Status): string {
  const media = (status.media_attachments ?? []).map(({ id }) => id)
  return sha256(JSON.stringify([wordsIn(status), status.edited_at ?? null, media, status.account?.id ?? null]))
}
