import { channelCard, remarksSection, saidBox } from './review-page-content.js'
import { address, carried, documentOf, icons, noDefault, problemBox } from './review-page-frame.js'
import { suggestButton } from './review-suggest-page.js'
import type { ReviewPage, ReviewView } from './review-view.js'
import { safe } from './safe-html.js'

/** What a link says once it has been answered. */
export function decidedPage({
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
  view.held &&
  decision === 'approve' &&
  safe`<p class="note"><strong>It was put on hold after that.</strong> To look at it afresh and let it go, <a href="/">sign in</a> and open the post there.</p>`
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
