import { graphemesOf, megabytes } from './measure.js'
import type { CheckedPost, Limits, Problem } from './platform.js'

/** What `limits` say against the pictures of a post, as sentences that begin with the network's name. */
export function checkPictures(network: string, limits: Limits, pictures: CheckedPost['pictures']): Problem[] {
  const problems: Problem[] = []
  if (pictures.length > limits.pictures) {
    problems.push({
      field: 'pictures',
      message: `${network} takes at most ${limits.pictures} pictures; this post has ${pictures.length}.`,
    })
  }
  pictures.forEach((picture, index) => {
    const which = `Picture ${index + 1}`
    if (!limits.pictureTypes.includes(picture.mime)) {
      const taken = limits.pictureTypes.map((type) => type.replace('image/', '').toUpperCase()).join(', ')
      problems.push({ field: 'pictures', message: `${which} is ${picture.mime}; ${network} takes ${taken}.` })
    }
    if (picture.size > limits.pictureBytes) {
      problems.push({
        field: 'pictures',
        message: `${which} is ${megabytes(picture.size)}; ${network} takes at most ${megabytes(limits.pictureBytes)}.`,
      })
    }
    const described = graphemesOf(picture.alt)
    if (limits.altText !== null && described > limits.altText) {
      problems.push({
        field: 'alt',
        message: `The description of picture ${index + 1} has ${described} characters; ${network} takes ${limits.altText}.`,
      })
    }
  })
  return problems
}
