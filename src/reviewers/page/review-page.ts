import { checklist, missingTicks } from '../checklist.js'
import { changesIntroduction, channelChanges, otherChanges, stretches } from './review-changes.js'
import { reviewPageStyle } from './review-page-style.js'
import type {
  ChangesSince,
  JustSaid,
  ReviewAnswers,
  ReviewedChannel,
  ReviewPage,
  ReviewView,
  SuggestionPlace,
} from './review-view.js'
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

function channelCard(channel: ReviewedChannel, since: ChangesSince | null): Html {
  const initial = [...channel.channelName.trim()][0] ?? '?'
  return safe`<article class="card"><div class="who"><div class="face" aria-hidden="true">${initial.toUpperCase()}</div>
<div><h3>${channel.channelName}</h3><p class="mut small">${channel.networkName} · ${channel.length}</p></div></div>
<p class="words" dir="auto">${marked(channel.text)}</p>
${channel.pictures.map((picture, index) => pictureFigure(picture, index, channel.pictures.length))}
${channel.link !== null && safe`<p class="page"><span>Link shown with the post</span>${linkTo(channel.link)}</p>`}
${channelChanges(since, channel.channelId)}
<p class="foot"><span>When: <strong>${channel.when}</strong></span></p></article>`
}

function pictureFigure(picture: ReviewedChannel['pictures'][number], index: number, count: number): Html {
  const name = count === 1 ? 'the picture' : `picture ${String(index + 1)} of ${String(count)}`
  const description = safe`Description: ${picture.alt.trim() === '' ? safe`<strong>none</strong>` : picture.alt}`
  if (picture.src === '')
    return safe`<figure><figcaption><strong>This picture cannot be shown.</strong> ${description}</figcaption></figure>`
  return safe`<figure><img src="${picture.small}" width="${picture.width}" height="${picture.height}" alt="${picture.alt}">
<figcaption>${description}<br>
<a href="${picture.src}" target="_blank" rel="noopener noreferrer">See ${name} in full size<span class="v"> (opens in a new tab)</span></a></figcaption></figure>`
}

function noticed(sentences: readonly string[]): Html {
  return sentences.length === 0
    ? safe`<p class="mut">Nothing. They cannot judge tone or truth: that is what you are here for.</p>`
    : safe`<ul class="seen">${sentences.map((sentence) => safe`<li>${sentence}</li>`)}</ul>`
}

const doing: Record<string, string> = {
  approve: 'approve this post',
  changes: 'ask for changes',
  stop: 'stop this post',
  hand_over: 'pass the check on to someone else',
  comment: 'send a note',
  suggest: 'suggest other words',
}

function codePage(page: ReviewPage & { kind: 'code' }): string {
  const { view, answers, problem } = page
  return documentOf({
    title: `${problem === null ? '' : 'Problem: '}Confirm that it is you`,
    groupName: view.groupName,
    skip: false,
    narrow: true,
    body: safe`${problemBox(problem, null)}
<h1>One last thing: is it you?</h1>
<p>You are about to <strong>${doing[answers.decision] ?? 'answer'}</strong>: version ${view.version}, by ${view.authorName}. Nothing is decided yet.</p>
${page.passkey && passkeyForm(view, answers)}
${page.sentTo === null ? strictWay(page) : codeForm(page, page.sentTo)}
${backToPost(view)}`,
    footer: safe`Nobody from ${view.groupName} will ever ask you for a code.`,
    scripts: page.passkey,
  })
}

/** Hidden until its script knows that the browser can ask for passkeys. */
function passkeyForm(view: ReviewView, answers: ReviewAnswers): Html {
  return safe`<form class="form" id="passkey" method="post" action="${address(view)}/passkey" hidden>
${answered(view, answers)}${hidden('passkey', '')}
<button class="go">Use your passkey</button><p role="alert"></p></form>`
}

function strictWay({ view, passkey }: ReviewPage & { kind: 'code' }): Html {
  return safe`<p class="calm">${view.groupName} asks for more than a code: answers count by passkey or by somebody who is signed in.</p>
${!passkey && safe`<p>You have no passkey yet. You can add one in the workspace, under “Your sign-in”.</p>`}
<p><a href="/">Sign in</a> on this device, then open the link in your mail again, or find the post under “Waiting for you”.</p>`
}

function backToPost(view: ReviewView): Html {
  return view.pass === null
    ? safe`<p><a href="${address(view)}">Back to the post</a></p>`
    : safe`<form method="post" action="${address(view)}/open">${hidden('pass', view.pass)}<button class="quiet">Back to the post</button></form>`
}

/** The answer that waits for the proof of who gives it. */
function answered(view: ReviewView, answers: ReviewAnswers): Html {
  return safe`${carried(view)}${hidden('decision', answers.decision)}${answers.ticks.map((tick) => hidden('tick', tick))}${hidden('note', answers.note)}${answers.decision === 'suggest' && safe`${hidden('place', answers.place)}${hidden('words', answers.words)}`}`
}

function codeForm({ view, answers, problem, triesLeft }: ReviewPage & { kind: 'code' }, sentTo: string): Html {
  return safe`<p>A mail with a six-digit code is on its way to <strong>${sentTo}</strong>. It makes sure that nobody can answer in your place, even with your link.</p>
<form class="form" method="post" action="${address(view)}/code">
${answered(view, answers)}
<label class="label" for="code">The code from the mail</label>
<p class="mut small" id="tries" style="margin:0">${triesLeft === 1 ? 'One try left' : `${String(triesLeft)} tries left`}. After that the link stops working.</p>
<input class="code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" pattern="[0-9]{6}" title="Six digits" required autofocus aria-describedby="tries"${problem !== null && safe` aria-invalid="true"`}>
<button class="go">Confirm</button>
<button class="quiet" name="again" value="1" formnovalidate>Send a new code</button></form>`
}

function decidedPage({
  view,
  decision,
  mayStop,
  showPost,
  problem,
  said = null,
}: ReviewPage & { kind: 'decided' }): string {
  const words = receipt(view, decision)
  return documentOf({
    title: words.title,
    groupName: view.groupName,
    skip: false,
    narrow: true,
    body: safe`${problemBox(problem, null)}${saidBox(said, view)}<div class="seal ${words.look}">${icons[words.icon]}</div>
<h1>${words.title}</h1>
${words.sentences.map((sentence) => safe`<p>${sentence}</p>`)}
${
  decision === 'approve' &&
  safe`<ul class="list">${view.channels.map((channel) => safe`<li><strong>${channel.channelName}</strong> (${channel.networkName}): ${channel.when}</li>`)}</ul>`
}
${
  mayStop &&
  safe`<form class="form" method="post" action="${address(view)}">${noDefault}${carried(view)}
<h2>Changed your mind?</h2><p class="mut small">Until it has gone out, you can stop it on your own. Stopping takes one person, going takes two.</p>
<label class="label" for="note">Why, for ${view.authorName} (if you like)</label><textarea id="note" name="note" maxlength="2000"></textarea>
<button class="halt" name="decision" value="stop">Stop this post</button></form>`
}
${showPost && decision === 'changes' && suggestButton(view)}${showPost && remarksSection(view)}
${
  showPost
    ? safe`<details><summary>The post that you decided on</summary><h2 class="v">The post</h2>${view.channels.map((channel) => channelCard(channel, null))}</details>`
    : safe`<p class="mut">The link in a mail shows the post for a day after the answer. <a href="/">Sign in</a> to see it again.</p>`
}`,
    footer: safe`Version ${view.version}, fingerprint ${view.hash.slice(0, 12)}. Your answer is in the group’s log, which nobody can rewrite unnoticed.`,
  })
}

/** One form a place: each is sent on its own, so that an author can take up one and leave another. */
function suggestPage({ view, places, answers, problem }: ReviewPage & { kind: 'suggest' }): string {
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

function suggestButton(view: ReviewView): Html {
  return safe`<form method="post" action="${address(view)}">${carried(view)}<button name="decision" value="words">Suggest other words</button></form>`
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

function saidBox(said: JustSaid | null, view: ReviewView): Html | null {
  return (
    said &&
    safe`<p class="calm" role="status"><strong>${said === 'comment' ? 'Your note was sent.' : 'Your words were sent.'}</strong> ${view.authorName} is told by e-mail. This decided nothing.</p>`
  )
}

const states = {
  open: 'suggests',
  applied: 'suggested, and the author took it up,',
  dismissed: 'suggested, and it was not taken up,',
}

/** What people said about the post: reviewers see it before they decide. */
function remarksSection({ remarks, remarksLeftOut }: ReviewView): Html | null {
  if (remarks.length === 0) return null
  return safe`<section aria-labelledby="said"><h2 id="said">What people said about it</h2>${
    remarksLeftOut > 0 &&
    safe`<p class="mut small">${remarksLeftOut === 1 ? 'One earlier remark is' : `${String(remarksLeftOut)} earlier remarks are`} on the post’s page in the workspace.</p>`
  }<ul class="said">${remarks.map(
    ({ name, when, version, text, suggestion }) =>
      safe`<li><p><strong>${name}</strong> <span class="mut small">${when}${version !== null && `, on version ${String(version)}`}</span></p>${
        suggestion &&
        safe`<p class="mut small">${states[suggestion.state]} other words for ${suggestion.label}${suggestion.difference.length > 0 && ':'}</p>${
          suggestion.difference.length > 0 && safe`<p class="lines" dir="auto">${stretches(suggestion.difference)}</p>`
        }`
      }${text !== '' && safe`<p class="lines" dir="auto">${text}</p>`}</li>`,
  )}</ul></section>`
}

type Words = { title: string; sentences: string[]; look: 'good' | 'ask' | 'end'; icon: keyof typeof icons }

function receipt(view: ReviewView, decision: string): Words {
  const version = `version ${String(view.version)}`
  switch (decision) {
    case 'approve':
      return {
        title: `Thank you: you approved ${version}`,
        sentences: [view.needs, `You and ${view.authorName} each get a receipt by e-mail.`],
        look: 'good',
        icon: 'tick',
      }
    case 'changes':
      return {
        title: 'You asked for changes',
        sentences: [
          `${view.authorName} gets your note. This version will not go out.`,
          'A new version is checked afresh, and shows what changed since you looked.',
        ],
        look: 'ask',
        icon: 'pen',
      }
    case 'stop':
      return {
        title: 'You stopped this post',
        sentences: [
          'It will not go out, unless somebody who did not work on it looks at it afresh and approves it.',
          `${view.authorName} is told at once.`,
        ],
        look: 'end',
        icon: 'cross',
      }
    case 'hand_over':
      return {
        title: 'Someone else will check it',
        sentences: [
          'Thank you for saying so. You need do nothing more, and nothing goes out until someone has agreed to it.',
        ],
        look: 'good',
        icon: 'arrow',
      }
    case 'withdrawn':
      return {
        title: 'You took your answer back',
        sentences: ['It does not count any more.', view.needs],
        look: 'ask',
        icon: 'arrow',
      }
    default:
      return { title: 'Your answer is recorded', sentences: [view.needs], look: 'good', icon: 'tick' }
  }
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

function problemBox(problem: string | null, target: Html | null): Html | null {
  if (problem === null) return null
  // Focused when the page opens, so that a screen reader starts with it.
  return safe`<div class="problem" role="alert" tabindex="-1"${target !== null && safe` autofocus`}><p>${problem} ${target}</p></div>`
}

interface Frame {
  readonly title: string
  readonly groupName: string | null
  readonly skip: boolean
  readonly narrow: boolean
  readonly body: Html
  readonly footer: Html
  /** Whether the page asks for a passkey, which takes a script. */
  readonly scripts?: boolean
}

function documentOf({ title, groupName, skip, narrow, body, footer, scripts }: Frame): string {
  const width = narrow && safe` class="narrow"`
  return safe`<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><title>${title}${groupName !== null && ` · ${groupName}`}</title><link rel="icon" href="/favicon.svg"><style>${new Html(reviewPageStyle)}</style>${scripts === true && safe`<script src="/review-passkey.js" defer></script>`}</head><body>
${skip && safe`<a class="skip" href="#answer">Skip to your answer</a>`}<header${width}>${icons.mark}<span>${groupName ?? 'Seconder'}${groupName !== null && safe` <span class="mut">on Seconder</span>`}</span></header>
<main${width}>${body}</main><footer${width}>${footer}</footer></body></html>`.text
}

function address(view: ReviewView): string {
  return `/review/${encodeURIComponent(view.requestId)}`
}

/** What every form of the page sends along: whom it was made for, and what it shows. */
function carried(view: ReviewView): Html {
  return safe`${hidden('csrf', view.csrf)}${hidden('hash', view.hash)}${view.pass !== null && hidden('pass', view.pass)}`
}

function hidden(name: string, value: string): Html {
  return safe`<input type="hidden" name="${name}" value="${value}">`
}

/** Addresses become links to try, tags and names look as they will; what the words are stays untouched. */
function marked(text: string): Html[] {
  const found: Html[] = []
  let from = 0
  for (const match of text.matchAll(
    /https?:\/\/[^\s<>"]*[^\s<>".,;:!?'’)\]]|(?<![\p{L}\p{N}_])[#@][\p{L}\p{N}_][\p{L}\p{N}_.-]*(?<![.-])/gu,
  )) {
    found.push(
      safe`${text.slice(from, match.index)}`,
      match[0].startsWith('http') ? linkTo(match[0]) : safe`<b>${match[0]}</b>`,
    )
    from = match.index + match[0].length
  }
  return [...found, safe`${text.slice(from)}`]
}

/** A link in a new tab, so that ticks and note are not lost; anything but a web address stays words. */
function linkTo(href: string): Html {
  if (!/^https?:\/\//i.test(href)) return safe`${href}`
  return safe`<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${href}<span class="v"> (opens in a new tab)</span></a>`
}

/**
 * Enter in a tick box presses a form's first button, in Chromium its first enabled one. This unseen one closes a dialog
 * that is not there, which does nothing: deciding takes a press of a button that can be seen. `hidden` is for browsers
 * that show text only; the style takes it back, because WebKit passes over buttons that take no room.
 */
const noDefault = new Html(
  '<button class="v" formmethod="dialog" tabindex="-1" aria-hidden="true" hidden>(does nothing)</button>',
)

const stroke = (path: string) =>
  new Html(
    `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${path}"/></svg>`,
  )

const icons = {
  tick: stroke('m4 13 5 5L20 6'),
  pen: stroke('M4 20h4L19 9l-4-4L4 16v4'),
  cross: stroke('M6 6l12 12M18 6 6 18'),
  arrow: stroke('M4 12h15M13 6l6 6-6 6'),
  info: stroke('M12 11v7M12 6v.1'),
  mark: new Html(
    '<svg viewBox="0 0 40 40" aria-hidden="true"><path fill="#f2a65a" d="M14.5 3C7.6 3 2 8.2 2 14.7c0 3.5 1.6 6.6 4.2 8.7L5 29l6-3.2c1.1.3 2.3.5 3.5.5C21.4 26.3 27 21.2 27 14.7S21.4 3 14.5 3Z"/><path fill="#0f5b63" stroke="var(--bg)" stroke-width="2.2" d="M24.5 10C17.6 10 12 15.2 12 21.7s5.6 11.6 12.5 11.6c1.3 0 2.5-.2 3.7-.5L34.5 36l-1.3-5.8c2.6-2.1 4.3-5.1 4.3-8.5C37.5 15.2 31.4 10 24.5 10Z"/><path fill="none" stroke="#fffdf9" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round" d="m19 22 4 4 7.5-8"/></svg>',
  ),
} as const
