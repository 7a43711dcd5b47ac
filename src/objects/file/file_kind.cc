#include "objects/file/file_kind.h"

#include "base/blocking.h"
#include "base/idle_cache.h"
#include "objects/file/file_client.h"
#include "objects/file/file_store.h"

namespace dth::objects {
namespace {

// Of all lanes together. Calls to the file system wait for disks, and syncs of several files are
// done in one.
constexpr unsigned threads_max = 32;
constexpr unsigned threads_of_lane_min = 4;

using options::Option;

constexpr Option endpoint_table[] = {
    {.name = "root",
     .help = "the directory that locations have to be in; without it they may be anywhere on the "
             "host",
     .placeholder = "DIR"},
};

// Empty: there is none.
std::string root_of(const Endpoint& endpoint) {
  const auto root = endpoint.options.find("root");
  return root == endpoint.options.end() ? "" : root->second;
}

class LaneDirectories final : public LaneSessions {
 public:
  explicit LaneDirectories(LaneServices services) : services_(services) {}

  Result<OpenStore> open(const StoreRequest& request, RequestCounters& counters) override {
    auto threads = find_threads();
    auto checked = file::check_within(request.bucket, root_of(request.endpoint));
    if (checked.has_error()) return checked.error();
    FileStoreOptions options;
    options.directory = request.bucket;
    options.read_only = request.read_only;
    options.may_be_missing = request.may_be_missing;
    const FileStoreServices services{services_.executor, *threads, services_.clock, counters,
                                     &services_.buffers};
    OpenStore opened;
    opened.store = make_file_store(std::move(options), services);
    opened.session = std::move(threads);
    return opened;
  }

  Result<std::unique_ptr<EndpointClient>> open_client(const StoreRequest& request) override {
    auto threads = find_threads();
    const FileStoreServices services{services_.executor, *threads, services_.clock,
                                     client_counters_, &services_.buffers};
    return file::make_file_client(root_of(request.endpoint), request.read_only, services,
                                  std::move(threads));
  }

  void close_idle() override { threads_.drop_idle(services_.clock.monotonic_now()); }

 private:
  std::shared_ptr<BlockingPool> find_threads() {
    auto threads = threads_.find(all);
    if (!threads) {
      threads = std::make_shared<BlockingPool>(
          std::max(threads_of_lane_min, threads_max / services_.count));
      threads_.put(all, threads);
    }
    return threads;
  }

  static constexpr int all = 0;      // one session serves all directories
  RequestCounters client_counters_;  // which nobody reads
  LaneServices services_;
  IdleCache<int, BlockingPool> threads_{idle_max};
};

class FileKind final : public StoreKind {
 public:
  std::string_view name() const override { return "file"; }
  std::string_view noun() const override { return "a directory"; }
  bool has_server() const override { return false; }
  std::span<const options::Option> endpoint_options() const override { return endpoint_table; }
  std::span<const options::Option> credential_options() const override { return {}; }
  Result<Endpoint> make_endpoint(const options::Values& given,
                                 const EndpointOwner& owner) const override {
    Endpoint endpoint{.kind = "file", .options = values_of(endpoint_table, given)};
    const std::string root = root_of(endpoint);
    if (root.empty() || root.starts_with('/')) return endpoint;
    return Error{ErrorCode::invalid_argument,
                 owner.option_prefix + "root is not an absolute path; begin it with a slash", ""};
  }
  bool is_one_place(const Endpoint&, const Endpoint&) const override { return true; }
  std::unique_ptr<LaneSessions> open_lane(LaneServices services) override {
    return std::make_unique<LaneDirectories>(services);
  }
};

}  // namespace

std::unique_ptr<StoreKind> make_file_kind() { return std::make_unique<FileKind>(); }

}  // namespace dth::objects
