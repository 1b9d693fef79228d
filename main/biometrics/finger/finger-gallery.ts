export { FingerGallery, type GalleryMatch } from '../../../native/finger-gallery.ts';
