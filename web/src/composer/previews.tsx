import type { Channel, Content, Media } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Preview } from '../ui/preview.js'
import { Sideways } from '../ui/sideways.js'
import { textFor } from './input.js'

/** The post as each network will show it, following every key. */
export function Previews({
  content,
  channels,
  media,
}: {
  content: Content
  channels: Channel[]
  media: ReadonlyMap<string, Media>
}) {
  return (
    <Sideways className="s-previews" label={t('composer.preview')}>
      <h2 className="s-small-head">{t('composer.preview')}</h2>
      {channels.length === 0 && <p className="s-dim">{t('composer.chooseChannel')}</p>}
      {channels.map((channel) => (
        <Preview
          key={channel.id}
          post={{
            network: channel.network,
            name: channel.name,
            handle: channel.handle,
            text: textFor(content, channel.id),
            link: content.link,
            pictures: content.pictures.flatMap((picture) => {
              const file = media.get(picture.mediaId)
              return file ? [{ url: file.url, alt: picture.alt, film: file.seconds !== null }] : []
            }),
          }}
        />
      ))}
    </Sideways>
  )
}
