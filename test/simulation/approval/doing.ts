import type { World } from './world.js'

/** Something that can happen. It gives back what it did, for the list of actions, or null when there was nothing to do it to. */
export interface Action {
  readonly name: string
  readonly weight: number
  /** Prepares, so that a sequence is the same when played again; what it gives back is the doing itself. */
  readonly prepare: (world: World) => Promise<Doing | null> | Doing | null
}

export interface Doing {
  /** Who and to what, for the list of actions. */
  readonly what: string
  readonly work: () => Promise<unknown>
}
