import { address, backToPost, carried, documentOf, hidden, problemBox } from './review-page-frame.js'
import type { ReviewAnswers, ReviewPage, ReviewView, SuggestionPlace } from './review-view.js'
import { Html, safe } from './safe-html.js'

/** One form a place: each is sent on its own, so that an author can take up one and leave another. */
export function suggestPage({ view, places, answers, problem }: ReviewPage & { kind: 'suggest' }): string {
  return documentOf({
    title: `${problem === null ? '' : 'Problem: '}Suggest other words`,
    groupName: view.groupName,
    skip: false,
    narrow: true,
    body: safe`${problemBox(problem, null)}
<h1>Suggest other words</h1>
<p>Change the words to what you would say, and send them. ${view.authorName} sees the difference and can take it up with one click. Nothing is decided by this, and you may still approve the post.</p>
${places.map((place, index) => suggestForm(view, place, index, answers?.place === place.word ? answers : null))}
${backToPost(view)}`,
    footer: safe`Words only: for another picture, link, channel or time, ask for changes.`,
  })
}

function suggestForm(view: ReviewView, place: SuggestionPlace, index: number, answers: ReviewAnswers | null): Html {
  const id = `w${String(index)}`
  const name = place.label.charAt(0).toUpperCase() + place.label.slice(1)
  return safe`<form class="form" method="post" action="${address(view)}">${carried(view)}${hidden('place', place.word)}
<h2><label for="${id}">${name}</label></h2>
${place.picture?.small ? safe`<figure class="bare"><img src="${place.picture.small}" width="${place.picture.width}" height="${place.picture.height}" alt=""></figure>` : null}
<textarea id="${id}" name="words" class="tall" maxlength="20000" dir="auto">
${answers?.words ?? place.words}</textarea>
<label class="label" for="n${id}">Why (if you like)<span class="v">, for ${place.label}</span></label>
<textarea id="n${id}" name="note" class="low" maxlength="2000">
${answers?.note ?? ''}</textarea>
<button name="decision" value="suggest">Send these words to ${view.authorName}<span class="v">, for ${place.label}</span></button></form>`
}

/** Leads to the page on which other words are suggested. */
export function suggestButton(view: ReviewView): Html {
  return safe`<form method="post" action="${address(view)}">${carried(view)}<button name="decision" value="words">Suggest other words</button></form>`
}
