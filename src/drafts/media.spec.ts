import { type MediaView, sentOf } from './media.js'

const jpeg = { sha256: 'j', mime: 'image/jpeg', size: 10 }
const picture = (mime: string, asJpeg: MediaView['asJpeg']): MediaView => ({
  id: 'id',
  sha256: 'own',
  mime,
  width: 4,
  height: 3,
  size: 20,
  seconds: null,
  uploadedBy: 'somebody',
  asJpeg,
})

describe('what a network is sent of a picture', () => {
  it('is the picture itself where the network takes its kind', () => {
    expect(sentOf(picture('image/png', jpeg), ['image/jpeg', 'image/png']).sha256).toBe('own')
  })

  it('is the JPEG of it where the network takes nothing else', () => {
    expect(sentOf(picture('image/png', jpeg), ['image/jpeg'])).toEqual(jpeg)
  })

  it('is the picture itself, to be refused in words, where there is no JPEG of it', () => {
    expect(sentOf(picture('image/gif', null), ['image/jpeg']).sha256).toBe('own')
  })
})
