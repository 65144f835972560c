import { checklist, missingTicks } from '../checklist.js'
import { changesIntroduction, otherChanges } from './review-changes.js'
import { codePage } from './review-code-page.js'
import { decidedPage } from './review-decided-page.js'
import { channelCard, remarksSection, saidBox } from './review-page-content.js'
import { address, carried, documentOf, hidden, icons, noDefault, problemBox } from './review-page-frame.js'
import { suggestPage } from './review-suggest-page.js'
import type { ReviewAnswers, ReviewPage, ReviewView } from './review-view.js'
import { Html, safe } from './safe-html.js'

/**
 * A page of the review link as a complete document. It needs no scripts and loads nothing but the post's pictures.
 * Answers go to `/review/<requestId>` (csrf, hash, tick…, note, decision), the mailed code to `/review/<requestId>/code`
 * (the same and code; `again` asks for a new one).
 */
export function reviewPage(page: ReviewPage): string {
  switch (page.kind) {
    case 'open':
      return openPage(page)
    case 'one-more-press':
      return oneMorePressPage(page)
    case 'suggest':
      return suggestPage(page)
    case 'code':
      return codePage(page)
    case 'decided':
      return decidedPage(page)
    case 'explained':
      return explainedPage(page)
  }
}

function openPage({ view, answers, problem, said = null }: ReviewPage & { kind: 'open' }): string {
  const missing = problem !== null && answers?.decision === 'approve' ? missingTicks(answers.ticks) : []
  const target =
    missing.length > 0 ? safe`<a href="#checks">Go to the checks</a>` : safe`<a href="#note">Go to your answer</a>`
  return documentOf({
    title: `${problem === null ? '' : 'Problem: '}Check a post`,
    groupName: view.groupName,
    skip: true,
    narrow: false,
    body: safe`<div class="open">${problemBox(problem, target)}${saidBox(said, view)}
<h1>Is this post ready to go out?</h1>
<p><strong>${view.authorName}</strong> asks you, ${view.reviewerName}, to look at <strong>version ${view.version}</strong> before anybody else sees it.</p>
${
  view.deadline === null
    ? safe`<p class="calm">It goes out only once it has been approved. ${!view.held && view.needs}</p>`
    : safe`<p class="calm">If nobody answers by <strong>${view.deadline}</strong> it will <strong>not</strong> go out. ${!view.held && view.needs}</p>`
}
${view.held && safe`<p class="note"><strong>On hold.</strong> Nothing of this goes out at the moment. If you look at it afresh and approve it, the hold ends.</p>`}
</div><div class="two"><div>
<section aria-labelledby="public"><h2 id="public">Exactly what will be public</h2>${changesIntroduction(view.since, view.earlierVersions, address(view))}${view.channels.map((channel) => channelCard(channel, view.since))}${otherChanges(view.since)}</section>
<section aria-labelledby="noticed"><h2 id="noticed">What the automatic checks noticed</h2>${noticed(view.noticed)}</section>
${remarksSection(view)}</div>${answerForm(view, answers, missing)}</div>`,
    footer: safe`Your answer counts for exactly this version, fingerprint ${view.hash.slice(0, 12)}. If anything in it changes, you are asked again.`,
  })
}

function answerForm(view: ReviewView, answers: ReviewAnswers | null, missing: readonly string[]): Html {
  return safe`<form class="form" id="answer" method="post" action="${address(view)}">
${noDefault}${carried(view)}
<fieldset id="checks" tabindex="-1"><legend><h2>Please check by eye</h2></legend>
<p class="mut small">Approving needs all three.</p>
${checklist.map(
  (item) =>
    safe`<label class="tick${missing.includes(item.text) && ' missing'}"><input type="checkbox" name="tick" value="${item.id}"${
      answers?.ticks.includes(item.id) === true && safe` checked`
    }><span>${item.text}${missing.includes(item.text) && safe`<em>Not ticked yet: needed to approve</em>`}</span></label>`,
)}
</fieldset>
<label class="label" for="note">Note to ${view.authorName}</label>
<p class="mut small" id="note-help" style="margin:0">Needed if you ask for changes. You can also send it on its own, and decide later.</p>
<textarea id="note" name="note" maxlength="2000" aria-describedby="note-help">
${answers?.note ?? ''}</textarea>
<button class="go" name="decision" value="approve">Approve: let it go out</button>
<button name="decision" value="changes">Ask for changes</button>
<button class="halt" name="decision" value="stop">Stop this post</button>
<button class="quiet" name="decision" value="comment">Only send the note</button>
<button class="quiet" name="decision" value="words">Suggest other words</button>
<button class="quiet" name="decision" value="hand_over">Someone else should check this</button>
${ethics(view)}</form>`
}

const pointsAtOnce = 3

/** The first points are always in sight; the rest is one tap away. */
function ethics({ ethics: { points, number, madeOn } }: ReviewView): Html {
  const rest = points.slice(pointsAtOnce)
  const listOf = (some: readonly string[]) =>
    safe`<ul class="list small">${some.map((point) => safe`<li>${point}</li>`)}</ul>`
  const which = `version ${String(number)} of ${madeOn}`
  return safe`<h2 class="ours">Our code of ethics</h2>${listOf(points.slice(0, pointsAtOnce))}${
    rest.length === 0
      ? safe`<p class="mut small">This is ${which}.</p>`
      : safe`<details><summary>The other ${rest.length === 1 ? 'point' : `${String(rest.length)} points`} (${which})</summary>${listOf(rest)}</details>`
  }`
}

function noticed(sentences: readonly string[]): Html {
  return sentences.length === 0
    ? safe`<p class="mut">Nothing. They cannot judge tone or truth: that is what you are here for.</p>`
    : safe`<ul class="seen">${sentences.map((sentence) => safe`<li>${sentence}</li>`)}</ul>`
}

function explainedPage({ groupName, title, sentences, signOut }: ReviewPage & { kind: 'explained' }): string {
  return documentOf({
    title,
    groupName,
    skip: false,
    narrow: true,
    body: safe`<div class="seal">${icons.info}</div><h1>${title}</h1>
${sentences.map((sentence) => safe`<p>${sentence}</p>`)}
${
  signOut
    ? safe`<form method="post" action="/review/${encodeURIComponent(signOut.requestId)}/sign-out">${hidden('csrf', signOut.csrf)}<button>I am ${signOut.reviewerName}: end the other sign-in</button></form>`
    : null
}
<p><a href="/">Open the group’s workspace</a></p>`,
    footer: safe`Opening this page changed nothing.`,
  })
}

function oneMorePressPage({ requestId, pass }: ReviewPage & { kind: 'one-more-press' }): string {
  return documentOf({
    title: 'Check a post',
    groupName: null,
    skip: false,
    narrow: true,
    body: safe`<div class="seal">${icons.info}</div><h1>One more press</h1>
<p>You were asked to check a post. The app in which you opened the link keeps no cookies, so the post comes with a press of this button.</p>
<form method="post" action="/review/${encodeURIComponent(requestId)}/open">${hidden('pass', pass)}<button class="go">Show the post</button></form>`,
    footer: safe`Opening this page changed nothing. The button works for an hour; after that, open the link again.`,
  })
}
