import type { Channel, CheckResult, ChosenPicture, Content, Media } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Preview } from '../ui/preview.js'
import { Sideways } from '../ui/sideways.js'
import { extrasFor, mannerOn, textFor } from './input.js'

/** The post as each network will show it, following every key. */
export function Previews({
  content,
  channels,
  check,
  media,
}: {
  content: Content
  channels: Channel[]
  check: CheckResult | null
  media: ReadonlyMap<string, Media>
}) {
  const shown = (pictures: readonly ChosenPicture[]) =>
    pictures.flatMap(({ mediaId, alt }) => {
      const file = media.get(mediaId)
      return file ? [{ url: file.url, alt, film: file.seconds !== null }] : []
    })
  return (
    <Sideways className="s-previews" label={t('composer.preview')}>
      <h2 className="s-small-head">{t('composer.preview')}</h2>
      {channels.length === 0 && <p className="s-dim">{t('composer.chooseChannel')}</p>}
      {channels.map((channel) => {
        const { thread, firstComment, contentWarning, visibility, target } = extrasFor(content, channel.id)
        const found = check?.channels.find((each) => each.channelId === channel.id)?.target
        const comment = firstComment.trim() === '' ? [] : [{ text: firstComment, link: null, pictures: [] }]
        return (
          <Preview
            key={channel.id}
            post={{
              network: channel.network,
              name: channel.name,
              handle: channel.handle,
              text: textFor(content, channel.id),
              link: content.link,
              pictures: shown(content.pictures),
              contentWarning: contentWarning.trim() || null,
              visibility,
              // What becomes of it follows every key, and is not waited for.
              target:
                target === ''
                  ? null
                  : { author: '', address: target, text: '', ...found, manner: mannerOn(content, channel.id) },
              below: [
                ...thread.map((part) => ({ ...part, kind: 'thread' as const, pictures: shown(part.pictures) })),
                ...comment.map((part) => ({ ...part, kind: 'comment' as const })),
              ],
            }}
          />
        )
      })}
    </Sideways>
  )
}
