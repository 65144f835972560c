import fc from 'fast-check'

/**
 * Property tests draw the same cases in every run, so that a change is never refused for what it did not do.
 * `SEED=random` draws others, `SEED=123` those of seed 123: worth a few runs after a rule has changed.
 */
const asked = process.env.SEED
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked ?? 20261121) })
