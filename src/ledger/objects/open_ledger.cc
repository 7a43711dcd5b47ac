#include "ledger/objects/open_ledger.h"

#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "ledger/directory_ledger.h"
#include "ledger/file.h"
#include "ledger/frame.h"
#include "ledger/objects/object_files.h"
#include "ledger/objects/object_ledger.h"
#include "ledger/objects/object_sealer.h"
#include "ledger/objects/stored_object.h"

namespace dth::ledger {
namespace {

constexpr unsigned appends_max = 16;  // at once, in a store; each waits in a thread
constexpr std::chrono::milliseconds collect_time{250};
constexpr std::string_view probe_name = "dth-ledger";

class OpenDirectory final : public OpenLedger {
 public:
  OpenDirectory(const std::string& directory, const std::string& worker_name,
                std::shared_ptr<const PrivateKey> key)
      : directory_(directory),
        worker_name_(plain_worker_name(worker_name)),
        ledger_({.directory = directory, .worker_name = worker_name}) {
    if (key) sealer_.emplace(directory, std::move(key));
  }
  Ledger& ledger() override { return ledger_; }
  Sealer* sealer() override { return sealer_ ? &*sealer_ : nullptr; }

  Result<void> check() override {
    std::error_code code;
    std::filesystem::create_directories(directory_, code);
    if (code) return refused(file_error("create", directory_, code.value()));
    const std::string path = directory_ + "/." + worker_name_ + ".new";
    auto made = File::open(path, O_WRONLY | O_CREAT | O_EXCL);
    if (made.has_error()) return refused(std::move(made.error()));
    ::unlink(path.c_str());
    return {};
  }

 private:
  static Error refused(Error why) {
    return std::move(why).with_context("the ledger cannot be written");
  }

  const std::string directory_, worker_name_;
  DirectoryLedger ledger_;
  std::optional<DirectorySealer> sealer_;
};

class OpenBucket final : public OpenLedger {
 public:
  OpenBucket(std::unique_ptr<BlockingStore> store, const LedgerPlace& place,
             const std::string& worker_name, std::shared_ptr<const PrivateKey> key)
      : place_(place.to_string()),
        probe_{.key = place.prefix + std::string(probe_name),
               .bytes = "dth keeps ledgers here.\n",
               .content_type = "text/plain"},
        store_(std::move(store)),
        ledger_(*store_, {.place = place_,
                          .prefix = place.prefix,
                          .worker_name = worker_name,
                          .collect_time = collect_time}),
        blocking_(appends_max) {
    if (!key) return;
    sealer_.emplace(*store_, std::move(key),
                    ObjectSealerOptions{.place = place_, .prefix = place.prefix});
  }
  Ledger& ledger() override { return ledger_; }
  Sealer* sealer() override { return sealer_ ? &*sealer_ : nullptr; }
  BlockingExecutor* blocking() override { return &blocking_; }

  // An object that is there already shows as well that one may be written: who may not is told so
  // first.
  Result<void> check() override {
    const BlockingStore::Operation<void> operation = [this](objects::ObjectStore& store) {
      return check_and_write(&store, &probe_);
    };
    auto written = store_->call(operation, WhenGone::fail);
    if (written.has_value() || written.error().code == ErrorCode::already_exists) return {};
    return std::move(written.error()).with_context("the ledger " + place_ + " cannot be written");
  }

 private:
  static Async<Result<void>> check_and_write(objects::ObjectStore* store, const NewObject* object) {
    objects::StoreUse use;
    use.lists = false;
    auto checked = co_await store->check(std::move(use));
    if (checked.has_error()) co_return checked.error();
    co_return co_await store_object(store, object);
  }

  const std::string place_;
  const NewObject probe_;
  const std::unique_ptr<BlockingStore> store_;
  ObjectLedger ledger_;
  std::optional<ObjectSealer> sealer_;
  BlockingPool blocking_;  // goes first
};

}  // namespace

Result<void> OpenLedger::seal(const state::Run& run, std::vector<state::Segment> segments) {
  if (Sealer* const own = sealer()) return own->seal(run, std::move(segments));
  return Error{ErrorCode::unsupported,
               "the ledger of run " + run.id + " cannot be signed: this process has no signing key",
               ""};
}

Result<std::unique_ptr<OpenLedger>> open_ledger(LedgerAccess access, const LedgerPlace& place,
                                                const std::string& worker_name,
                                                std::shared_ptr<const PrivateKey> key) {
  if (place.is_directory()) {
    return std::unique_ptr<OpenLedger>(
        std::make_unique<OpenDirectory>(place.directory, worker_name, std::move(key)));
  }
  BlockingStoreOptions options{.policy = {}, .unreachable_timeout = place.unreachable_timeout};
  auto store = BlockingStore::open(store_by_request(access.opener, access.clock, place.store),
                                   access.clock, options);
  if (store.has_error()) return store.error();
  return std::unique_ptr<OpenLedger>(
      std::make_unique<OpenBucket>(std::move(*store), place, worker_name, std::move(key)));
}

Result<std::unique_ptr<RunFiles>> open_run_files(LedgerAccess access, const LedgerPlace& place) {
  if (place.is_directory())
    return std::unique_ptr<RunFiles>(std::make_unique<DirectoryFiles>(place.directory));
  objects::StoreRequest request = place.store;
  request.read_only = true;
  auto store = BlockingStore::open(
      store_by_request(access.opener, access.clock, std::move(request)), access.clock, {});
  if (store.has_error()) return store.error();
  return std::unique_ptr<RunFiles>(
      std::make_unique<ObjectFiles>(std::move(*store), place.to_string(), place.prefix));
}

}  // namespace dth::ledger
