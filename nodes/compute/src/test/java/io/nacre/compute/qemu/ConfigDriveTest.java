package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.compute.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read back by isoinfo of the package genisoimage; that Linux mounts it is shown where a guest boots. */
class ConfigDriveTest {
    @TempDir
    Path directory;

    private String isoinfo(String... arguments) {
        Path file = directory.resolve("drive.iso");
        List<String> words = new ArrayList<>(List.of("isoinfo", "-i", file.toString()));
        words.addAll(List.of(arguments));
        Command.Output output = Command.run(Duration.ofSeconds(20), words);
        assertThat(output.ok()).as(output.err()).isTrue();
        return output.out();
    }

    @Test
    void everyFileIsFoundInBothTreesUnderItsOwnName() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("openstack/latest/meta_data.json", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        files.put("openstack/latest/user_data", "x".repeat(5000).getBytes(StandardCharsets.UTF_8));
        files.put("openstack/2018-08-27/network_data.json", new byte[0]);
        files.put("ec2/2009-04-04/meta-data.json", "{}".getBytes(StandardCharsets.UTF_8));
        // so many that the records of their folder fill more than a sector
        for (int i = 0; i < 100; i++) {
            files.put(
                    String.format("openstack/content/%04d-with-quite-a-long-name", i),
                    new byte[] {(byte) ('0' + i % 10)});
        }
        Files.write(directory.resolve("drive.iso"), ConfigDrive.image(files, Instant.parse("2026-01-02T03:04:05Z")));
        assertThat(isoinfo("-d")).contains("Volume id: config-2", "Joliet with UCS level 3 found");
        for (String[] tree : new String[][] {{"-J"}, {}}) {
            List<String> list = isoinfo(concat(tree, "-f")).lines().toList();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                String path = "/" + file.getKey() + ";1";
                assertThat(list).contains(path);
                assertThat(isoinfo(concat(tree, "-x", path)))
                        .isEqualTo(new String(file.getValue(), StandardCharsets.UTF_8));
            }
            assertThat(list).hasSize(files.size() + 6);
        }
    }

    private static String[] concat(String[] one, String... other) {
        return Stream.concat(Stream.of(one), Stream.of(other)).toArray(String[]::new);
    }
}
