import type { Counters } from './platform.js'

/**
 * Of a post of somebody else's that was passed on without words: what people do with it, they do with theirs, whose
 * counters are not ours. Zeros would say that nobody cared.
 */
export const notCounted: Counters = {
  reactions: null,
  replies: null,
  reposts: null,
  clicks: null,
  impressions: null,
}
