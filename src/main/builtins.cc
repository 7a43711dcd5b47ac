#include "main/builtins.h"

#include <map>

#include "main/store_kind.h"

namespace dth {
namespace {

// Every kind of store, by the scheme of its locations.
std::map<std::string, std::unique_ptr<StoreKind>> make_kinds() {
  std::map<std::string, std::unique_ptr<StoreKind>> kinds;
  kinds["file"] = make_file_kind();
  kinds["s3"] = make_s3_kind();
  return kinds;
}

class BuiltinStores final : public object_copy::OpenStores {
 public:
  Result<objects::ObjectStore*> open(const object_copy::SideSettings& settings, StoreKind& kind,
                                     engine::Lane lane) {
    std::unique_ptr<LaneStores>& stores = stores_[settings.scheme];
    if (!stores) stores = kind.on(lane, requests_);
    return stores->open(settings);
  }

  objects::ObjectStore& source() override { return *source_; }
  objects::ObjectStore& destination() override { return *destination_; }
  objects::RequestCounters& requests() override { return requests_; }
  std::string copy_source_bucket() const override { return copy_source_bucket_; }

  // Both sides are open.
  void look_for_one_place(const object_copy::SideSettings& source,
                          const object_copy::SideSettings& destination) {
    if (source.scheme == destination.scheme)
      copy_source_bucket_ = stores_[source.scheme]->copy_source_bucket(source, destination);
  }

 private:
  objects::RequestCounters requests_;
  std::string copy_source_bucket_;
  std::map<std::string, std::unique_ptr<LaneStores>> stores_;  // after what they use

 public:
  objects::ObjectStore* source_ = nullptr;
  objects::ObjectStore* destination_ = nullptr;
};

class BuiltinOpener final : public object_copy::StoreOpener {
 public:
  Result<std::unique_ptr<object_copy::OpenStores>> open(
      const object_copy::SideSettings& source, const object_copy::SideSettings& destination,
      engine::Lane lane) override {
    auto stores = std::make_unique<BuiltinStores>();
    for (auto [settings, store] :
         {std::pair(&source, &stores->source_), std::pair(&destination, &stores->destination_)}) {
      const auto kind = kinds_.find(settings->scheme);
      if (kind == kinds_.end())
        return Error{ErrorCode::unsupported,
                     "there is no kind of store for " + settings->scheme + "://", ""};
      auto opened = stores->open(*settings, *kind->second, lane);
      if (opened.has_error()) return opened.error();
      *store = *opened;
    }
    stores->look_for_one_place(source, destination);
    return std::unique_ptr<object_copy::OpenStores>(std::move(stores));
  }

 private:
  std::map<std::string, std::unique_ptr<StoreKind>> kinds_ = make_kinds();
};

}  // namespace

std::unique_ptr<object_copy::StoreOpener> make_builtin_opener() {
  return std::make_unique<BuiltinOpener>();
}

}  // namespace dth
