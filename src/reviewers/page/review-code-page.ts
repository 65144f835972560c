import { address, backToPost, carried, documentOf, hidden, problemBox } from './review-page-frame.js'
import type { ReviewAnswers, ReviewPage, ReviewView } from './review-view.js'
import { Html, safe } from './safe-html.js'

/** Asks who answers: by the mailed code, or as strictly as the group wants it. */
export function codePage(page: ReviewPage & { kind: 'code' }): string {
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

const doing: Record<string, string> = {
  approve: 'approve this post',
  changes: 'ask for changes',
  stop: 'stop this post',
  hand_over: 'pass the check on to someone else',
  comment: 'send a note',
  suggest: 'suggest other words',
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
