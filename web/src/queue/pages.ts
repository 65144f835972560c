import type { PostCard, Queue } from '../api/types.js'
import type { Section } from './post-card.js'

export type Sections = Record<Section, PostCard[]>

/** The pages so far, one after the other in each section. A post that changed meanwhile stays where it came first. */
export function sectionsOf(pages: readonly Queue[]): Sections {
  const seen = new Set<string>()
  const sections: Sections = {
    waitingForYou: [],
    needsAttention: [],
    waitingForOthers: [],
    planned: [],
    drafts: [],
    wentOut: [],
    ended: [],
  }
  for (const page of pages)
    for (const section of Object.keys(sections) as Section[])
      for (const card of page[section]) {
        if (!seen.has(card.id)) sections[section].push(card)
        seen.add(card.id)
      }
  return sections
}

export function cardsOf(pages: readonly Queue[]): PostCard[] {
  return Object.values(sectionsOf(pages)).flat()
}
