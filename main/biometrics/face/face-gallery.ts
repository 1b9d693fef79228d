import { findModel } from '../../../models/manifest.ts';
import type { FaceGalleryModel } from '../../../native/face-gallery.ts';
import type { FaceEmbedder } from '../../contract/biometrics.ts';

export { FaceGallery, type FaceMatch } from '../../../native/face-gallery.ts';

/** What the templates of an embedder are. */
export function galleryModel(embedder: FaceEmbedder): FaceGalleryModel {
  const { id, version, templateValues = 0 } = findModel(embedder);
  return { model: id, version, values: templateValues };
}
