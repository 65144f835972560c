import { ActionIcon, Button, FileButton, Skeleton, Textarea } from '@mantine/core'
import { useRef, useState } from 'react'

import type { ChosenPicture, Media } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { sayWithUndo } from '../ui/notify.js'

export const pictureTypes = 'image/jpeg,image/png,image/webp,image/gif,video/mp4'

/** Bytes; the server takes no more. */
export const largestPicture = 40_000_000

export function picturesIn(list: DataTransfer | null): File[] {
  return [...(list?.files ?? [])].filter((file) => file.type.startsWith('image/') || file.type === 'video/mp4')
}

/** The pictures in their order, each with its description beside it. */
export function Pictures({
  pictures: chosen,
  media,
  limit,
  set,
  add,
  busy,
}: {
  pictures: readonly ChosenPicture[]
  media: ReadonlyMap<string, Media>
  limit: number
  set: (change: (old: ChosenPicture[]) => ChosenPicture[]) => void
  add: (files: File[]) => void
  busy: number
}) {
  const [over, setOver] = useState(false)
  const reset = useRef<() => void>(null)
  const [moved, setMoved] = useState('')
  const move = (from: number, to: number) => {
    set((old) => {
      const pictures = [...old]
      const [one] = pictures.splice(from, 1)
      if (one) pictures.splice(to, 0, one)
      return pictures
    })
    setMoved(t('pictures.moved', { from: from + 1, to: to + 1 }))
  }
  const remove = (index: number) => {
    const gone = chosen[index]
    if (!gone) return
    set((old) => old.filter((_, each) => each !== index))
    sayWithUndo(t('pictures.removed'), () => set((old) => old.toSpliced(index, 0, gone)))
  }
  return (
    <div
      className={over ? 's-drop s-drop-over' : 's-drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        add(picturesIn(event.dataTransfer))
      }}
    >
      <span className="s-hidden" aria-live="polite">
        {moved}
      </span>
      <ol className="s-pictures">
        {chosen.map((picture, index) => {
          const file = media.get(picture.mediaId)
          const last = index === chosen.length - 1
          return (
            <li key={picture.mediaId} className="s-picture">
              {file ? <Thumbnail file={file} /> : <Skeleton w={96} h={96} />}
              <div className="s-grow">
                <Textarea
                  label={t(typeof file?.seconds === 'number' ? 'pictures.altFilm' : 'pictures.alt', {
                    number: index + 1,
                  })}
                  placeholder={t('pictures.altPlaceholder')}
                  description={picture.alt.trim() === '' ? t('pictures.altMissing') : undefined}
                  inputWrapperOrder={['label', 'input', 'description']}
                  maxLength={4000}
                  autosize
                  minRows={2}
                  value={picture.alt}
                  onChange={(event) => {
                    const { value } = event.currentTarget
                    set((old) => old.map((each, at) => (at === index ? { ...each, alt: value } : each)))
                  }}
                />
                <div className="s-picture-buttons">
                  {chosen.length > 1 && (
                    <>
                      <ActionIcon
                        aria-label={t('pictures.earlier', { number: index + 1 })}
                        aria-disabled={index === 0}
                        data-disabled={index === 0 || undefined}
                        onClick={() => index > 0 && move(index, index - 1)}
                      >
                        <Icon name="up" />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t('pictures.later', { number: index + 1 })}
                        aria-disabled={last}
                        data-disabled={last || undefined}
                        onClick={() => !last && move(index, index + 1)}
                      >
                        <Icon name="down" />
                      </ActionIcon>
                    </>
                  )}
                  <ActionIcon aria-label={t('pictures.remove', { number: index + 1 })} onClick={() => remove(index)}>
                    <Icon name="bin" />
                  </ActionIcon>
                </div>
              </div>
            </li>
          )
        })}
      </ol>
      {busy > 0 && (
        <div className="s-picture" aria-live="polite">
          <Skeleton w={96} h={96} />
          <p>{t('pictures.uploading', { count: busy })}</p>
        </div>
      )}
      <div className="s-drop-foot">
        <FileButton
          accept={pictureTypes}
          multiple
          resetRef={reset}
          onChange={(files) => {
            add(files)
            reset.current?.()
          }}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<Icon name="picture" />}>
              {t('pictures.add')}
            </Button>
          )}
        </FileButton>
        <p className="s-meta">{t('pictures.help', { count: limit })}</p>
      </div>
    </div>
  )
}

/** Small beside its description. A film shows its first moment; it is played where the post is shown as it will look. */
function Thumbnail({ file: { url, width, height, seconds } }: { file: Media }) {
  if (seconds === null) return <img src={url} alt="" loading="lazy" width={width} height={height} />
  return (
    <span className="s-film">
      {/* with a moment in its address, since some browsers show nothing of a film that was not played */}
      <video src={`${url}#t=0.001`} muted playsInline preload="metadata" tabIndex={-1} aria-hidden />
      <Icon name="play" />
    </span>
  )
}
