import { megabytes } from './measure.js'
import type { Capabilities, CheckedPost, Limits, Problem } from './platform.js'
import { isWordless } from './target-rules.js'

/** What a post asks for that the network does not have, as sentences that begin with the network's name. */
export function checkCapabilities({ name, ...can }: Capabilities, limits: Limits, post: CheckedPost): Problem[] {
  const { contentWarning, visibility = 'public', under, repostOf, video, pictures } = post
  const problems: Problem[] = []
  if (contentWarning !== undefined && !can.contentWarning)
    problems.push({ field: 'contentWarning', message: `${name} has no content warnings. Leave it out for ${name}.` })
  if (!can.visibilities.includes(visibility))
    problems.push({
      field: 'visibility',
      message:
        visibility === 'followers'
          ? `${name} cannot show a post to followers only. Let everybody on ${name} see it.`
          : `${name} cannot keep a post out of public timelines. Let everybody on ${name} see it.`,
    })
  if (under?.kind === 'thread' && can.threads === null)
    problems.push({ field: 'text', message: `${name} has no threads. Make it one post.` })
  if (under?.kind === 'comment' && !can.firstComment)
    problems.push({ field: 'text', message: `${name} takes no first comment from here.` })
  if (under?.kind === 'answer' && !can.answers)
    problems.push({ field: 'target', message: `${name} lets nobody answer other people’s posts from here.` })
  if (repostOf !== undefined && !can.reposts)
    problems.push({ field: 'text', message: `${name} lets nobody pass other people’s posts on from here.` })
  if (repostOf !== undefined && can.reposts && can.whyNoQuotes !== undefined && !isWordless(post))
    problems.push({
      field: 'target',
      message: `${can.whyNoQuotes}. Pass it on with no words, link, picture or film of your own on ${name}, or leave it out for ${name}.`,
    })
  return video === undefined ? problems : [...problems, ...checkVideo(name, limits, video, pictures.length)]
}

function checkVideo(
  name: string,
  { video: takes }: Limits,
  video: NonNullable<CheckedPost['video']>,
  pictures: number,
): Problem[] {
  const say = (message: string): Problem => ({ field: 'video', message })
  if (!takes) return [say(`${name} takes no films from here. Leave the film out, or do not post to ${name}.`)]
  const problems: Problem[] = []
  if (pictures > 0) problems.push(say(`${name} takes either a film or pictures.`))
  if (!takes.types.includes(video.mime)) problems.push(say(`The film is ${video.mime}; ${name} takes MP4.`))
  if (video.size > takes.bytes)
    problems.push(say(`The film is ${megabytes(video.size)}; ${name} takes at most ${megabytes(takes.bytes)}.`))
  if (video.seconds > takes.seconds)
    problems.push(say(`The film lasts ${Math.ceil(video.seconds)} seconds; ${name} takes ${takes.seconds}.`))
  return problems
}
