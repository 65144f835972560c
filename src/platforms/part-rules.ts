import type { CheckedPost, Limits, PlatformRules, Problem } from './platform.js'
import { isWordless } from './target-rules.js'

/** A problem and which part has it, from 1. */
export interface PartProblem extends Problem {
  readonly part: number
}

/**
 * Checks a post with all that hangs below it, in the order in which it becomes public; `under` tells what each is.
 * What the network does not have at all is said once.
 */
export function checkParts(
  rules: PlatformRules,
  parts: readonly CheckedPost[],
  limits: Limits = rules.limits,
): PartProblem[] {
  const { name, threads, firstComment } = rules.capabilities
  const length = parts.filter(({ under }) => under?.kind !== 'comment').length
  const problems: PartProblem[] = []
  if (length > 1 && threads === null)
    problems.push({ part: 2, field: 'text', message: `${name} has no threads. Make it one post for ${name}.` })
  if (threads !== null && length > threads.parts)
    problems.push({
      part: threads.parts + 1,
      field: 'text',
      message: `${name} takes threads of at most ${threads.parts} parts; this one has ${length}.`,
    })
  const [first] = parts
  // What is passed on without words stays somebody else's post, below which a network puts answers to them.
  if (first?.repostOf !== undefined && isWordless(first) && parts.length > 1)
    problems.push({
      part: 1,
      field: 'text',
      message:
        'Nothing can hang below a post that is passed on without words of your own. Write some, or leave out what is below.',
    })
  const comment = parts.findIndex(({ under }) => under?.kind === 'comment')
  if (comment >= 0 && !firstComment)
    problems.push({
      part: comment + 1,
      field: 'text',
      message: `${name} takes no first comment from here. Leave it out for ${name}.`,
    })
  for (const [index, post] of parts.entries()) {
    const kind = post.under?.kind
    if ((kind === 'thread' && threads === null) || (kind === 'comment' && !firstComment)) continue
    const label = kind === 'comment' ? 'First comment: ' : length > 1 ? `Part ${index + 1}: ` : ''
    for (const problem of rules.check(post, limits)) {
      const isOfAll = problem.field === 'contentWarning' || problem.field === 'visibility'
      // The warning and who can see it are the same for all parts.
      if (isOfAll && index > 0) continue
      problems.push({ ...problem, part: index + 1, message: isOfAll ? problem.message : `${label}${problem.message}` })
    }
  }
  return problems
}
