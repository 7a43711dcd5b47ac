#include "state/sqlite/file_system.h"

#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::state::sqlite {
namespace {

constexpr std::string_view mountinfo =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "30 22 0:40 / /media/me/far\\040away rw,nosuid - fuse.sshfs me@host:/ rw,user_id=0\n"
    "31 22 0:41 / /mnt/share rw shared:7 master:2 - nfs4 server:/export rw\n"
    "32 22 0:42 / /mnt/share/local rw - tmpfs tmpfs rw\n"
    "33 22 0:43 / /srv rw - xfs /dev/vdb rw\n"
    "34 22 0:44 / /srv rw - fuse.rclone bucket: rw\n";

TEST(FileSystem, TypeIsThatOfTheMountThatHoldsThePath) {
  EXPECT_EQ(mount_type(mountinfo, "/var/lib/dth"), "ext4");
  EXPECT_EQ(mount_type(mountinfo, "/media/me/far away/dth"), "fuse.sshfs");
  EXPECT_EQ(mount_type(mountinfo, "/media/me/far"), "ext4");
  EXPECT_EQ(mount_type(mountinfo, "/mnt/share"), "nfs4");
  EXPECT_EQ(mount_type(mountinfo, "/mnt/shared"), "ext4");
  EXPECT_EQ(mount_type(mountinfo, "/mnt/share/local/x"), "tmpfs");
  EXPECT_EQ(mount_type(mountinfo, "/srv/state"), "fuse.rclone") << "the later mount covers it";
  EXPECT_EQ(mount_type("nonsense\n\n1 2", "/"), "");
}

TEST(FileSystem, NetworkFileSystemsAreKnownByNumberOrType) {
  EXPECT_EQ(network_file_system(0x6969, "nfs4"), "NFS");
  EXPECT_EQ(network_file_system(0xff534d42, "cifs"), "CIFS");
  EXPECT_EQ(network_file_system(0x01021997, "9p"), "9p");
  EXPECT_EQ(network_file_system(0x00c36400, "ceph"), "Ceph");
  EXPECT_EQ(network_file_system(0x65735546, "fuse.sshfs"), "fuse.sshfs");
  EXPECT_EQ(network_file_system(0x65735546, "fuseblk"), std::nullopt) << "a local NTFS";
  EXPECT_EQ(network_file_system(0xef53, "ext4"), std::nullopt);
  EXPECT_EQ(network_file_system(0x01021994, "tmpfs"), std::nullopt);
  EXPECT_EQ(network_file_system(0x794c7630, "overlay"), std::nullopt);
}

TEST(FileSystem, RefusalNamesTheFileAndWhatToDo) {
  const auto refused = check_local("/mnt/share/state.db", 0x6969, "nfs4");
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
  EXPECT_EQ(refused.error().message,
            "the state /mnt/share/state.db cannot be on a network file system (NFS): its locks do "
            "not hold there. Put it on a local disk");
  EXPECT_TRUE(check_local("/var/state.db", 0xef53, "ext4").has_value());
  state::testing::TemporaryDirectory directory;
  EXPECT_TRUE(check_file_system(directory / "state.db").has_value());
  EXPECT_TRUE(check_file_system("/no/such/directory/state.db").has_value());
}

}  // namespace
}  // namespace dth::state::sqlite
