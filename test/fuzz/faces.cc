#include <algorithm>
#include <map>

#include "check.h"
#include "face_gallery.h"
#include "face_kernels.h"

// A gallery of faces told to do this and that, beside a plain list of what it must hold: every search finds the same, with
// whatever instruction set.
namespace {

struct Listed {
  std::string id;
  limen::FaceBytes bytes;
};

std::vector<limen::FaceHit> plain_search(const std::vector<Listed>& listed, const limen::FaceBytes& probe, std::size_t k) {
  std::map<std::string, std::int32_t> best;
  for (const Listed& face : listed) {
    std::int32_t product = 0;
    for (std::size_t i = 0; i < probe.size(); i++) product += probe[i] * face.bytes[i];
    const auto [at, fresh] = best.emplace(face.id, product);
    if (!fresh) at->second = std::max(at->second, product);
  }
  std::vector<limen::FaceHit> hits;
  for (const auto& [id, product] : best) hits.push_back({id, product});
  std::stable_sort(hits.begin(), hits.end(), [](const limen::FaceHit& a, const limen::FaceHit& b) { return a.product > b.product; });
  hits.resize(std::min(k, hits.size()));
  return hits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  Choices choices(bytes, length);
  const int values = 1 + choices.below(130);
  limen::FaceGallery gallery(values);
  std::vector<Listed> listed;
  const auto face = [&] {
    std::vector<float> out(static_cast<std::size_t>(values - (choices.byte() == 255 ? 1 : 0)));
    for (float& value : out) value = static_cast<float>(choices.byte() - 128);
    return limen::GalleryFace{std::string(static_cast<std::size_t>(choices.byte() % 3), static_cast<char>('a' + choices.byte() % 5)), out};
  };
  const auto sound = [&](const limen::GalleryFace& one) { return !one.id.empty() && limen::face_bytes(one.values, values).has_value(); };
  while (choices.left() > 0) {
    const int what = choices.byte() % 4;
    if (what == 0 || what == 1) {
      std::vector<limen::GalleryFace> faces(static_cast<std::size_t>(choices.byte() % 4));
      for (auto& one : faces) one = face();
      const std::string id = faces.empty() ? "a" : faces[0].id;
      if (what == 1)
        for (auto& one : faces) one.id = id;
      const bool fit = std::all_of(faces.begin(), faces.end(), sound) && (what == 0 || !id.empty());
      must((what == 0 ? gallery.add(faces) : gallery.replace(id, faces)) == fit, "all that is sound is taken, and nothing else");
      if (!fit) continue;
      if (what == 1) std::erase_if(listed, [&](const Listed& one) { return one.id == id; });
      for (const auto& one : faces) listed.push_back({one.id, *limen::face_bytes(one.values, values)});
    } else if (what == 2) {
      const std::string id(1, static_cast<char>('a' + choices.byte() % 5));
      const auto before = listed.size();
      std::erase_if(listed, [&](const Listed& one) { return one.id == id; });
      must(gallery.remove(id) == before - listed.size(), "what goes is counted");
    } else {
      const auto probe = limen::face_bytes(face().values, values);
      const auto k = static_cast<std::size_t>(choices.byte() % 6);
      if (!probe) continue;
      const auto found = limen::search_faces(*gallery.state(), *probe, k, [] { return false; });
      const auto wanted = plain_search(listed, *probe, k);
      must(found && found->size() == wanted.size(), "as many are found as there are");
      for (std::size_t i = 0; i < wanted.size(); i++)
        must((*found)[i].id == wanted[i].id && (*found)[i].product == wanted[i].product, "and they are the best, in order");
    }
    must(limen::count_faces(*gallery.state()) == listed.size(), "so many faces are held");
  }
  return 0;
}
