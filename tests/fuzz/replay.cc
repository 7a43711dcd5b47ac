// Drives a fuzz target where libFuzzer is not there: every file of the corpora, then mutations of
// them by a seeded generator. Understands -runs=N and -seed=N, and takes files and directories. An
// input that brings the target down is written to ./crash-input.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/fuzz.h"

namespace {

constexpr std::size_t input_size_max = 1 << 16;
std::string current;  // for whoever reports a crash

void keep_input() {
  std::ofstream("crash-input", std::ios::binary) << current;
  std::fprintf(stderr, "the input of %zu bytes is in ./crash-input\n", current.size());
}

void run(const std::string& input) {
  current = input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, std::uint64_t seed)
      : corpus_(corpus), random_(seed) {}

  std::string next() {
    std::string text = corpus_[below(corpus_.size())];
    for (std::size_t i = below(4) + 1; i > 0; --i) mutate(&text);
    if (text.size() > input_size_max) text.resize(input_size_max);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void mutate(std::string* text) {
    static constexpr unsigned char sharp[] = {0,    0x1f, 0x7f, 0x80, 0xc0, 0xff, '<',
                                              '>',  '&',  ';',  '"',  '\\', '%',  '/',
                                              '\r', '\n', ' ',  '{',  '[',  '-',  '9'};
    const std::size_t at = below(text->size() + 1);
    switch (below(8)) {
      case 0:
        if (!text->empty()) (*text)[at % text->size()] ^= static_cast<char>(1 << below(8));
        break;
      case 1:
        text->insert(at, 1, static_cast<char>(sharp[below(std::size(sharp))]));
        break;
      case 2:
        if (!text->empty())
          (*text)[at % text->size()] = static_cast<char>(sharp[below(std::size(sharp))]);
        break;
      case 3:
        text->erase(at, below(16) + 1);
        break;
      case 4:
        text->resize(at);
        break;
      case 5:
        text->insert(at, text->substr(below(text->size() + 1), below(64)));
        break;
      case 6: {
        const std::string& other = corpus_[below(corpus_.size())];
        text->replace(at, std::string::npos, other.substr(below(other.size() + 1)));
        break;
      }
      default: {
        const std::string number = std::to_string(random_() >> below(64));
        text->replace(at, std::min<std::size_t>(below(8), text->size() - at), number);
      }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

int main(int argc, char** argv) {
  std::uint64_t runs = 0, seed = 1;
  std::vector<std::string> corpus = {""};
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.starts_with("-runs=")) {
      runs = std::stoull(argument.substr(6));
    } else if (argument.starts_with("-seed=")) {
      seed = std::stoull(argument.substr(6));
    } else if (std::filesystem::is_directory(argument)) {
      for (const auto& entry : std::filesystem::directory_iterator(argument))
        corpus.push_back(read(entry.path()));
    } else {
      corpus.push_back(read(argument));
    }
  }
  std::sort(corpus.begin(), corpus.end());  // a directory has no order of its own
  if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(keep_input);
  std::signal(SIGABRT, [](int) {
    keep_input();
    std::_Exit(1);
  });
  for (const std::string& input : corpus) run(input);
  Mutator mutator(corpus, seed);
  for (std::uint64_t i = 0; i < runs; ++i) run(mutator.next());
  std::printf("%zu files and %llu mutations of them, seed %llu\n", corpus.size(),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
}
