package io.nacre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pages of a long list of images: as it is, filtered by what is in the image, and by what its owner wrote on it. */
final class ImageListBenchmark {
    private static final List<String> SYSTEMS = List.of("debian", "fedora", "alpine", "suse");

    private ImageListBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        int count = bench.quick() ? 1000 : 10_000;
        try (Nacre nacre = Nacre.up(bench, "image-lists", true);
                Api api = nacre.login()) {
            LongList images = new LongList(bench, api, Api.Port.IMAGE, "images");
            images.fill(count, ImageListBenchmark::create);
            String from = count + " images, a page of ";
            String list = "/v2/images?limit=100";
            return List.of(
                    images.measure(from + "25", "/v2/images?limit=25"),
                    images.measure(
                            from + "100 by name, from the middle on",
                            list + "&sort=name:asc&marker=" + middle(api, count)),
                    images.measure(
                            from + "100 by property, tag and format",
                            list + "&os_distro=debian&tag=even&disk_format=in:qcow2,raw&sort=created_at:desc"),
                    images.measure(
                            from + "100 by three names and a property",
                            list + "&name=in:image-00007,image-00077,image-00777&os_version=17"));
        }
    }

    private static void create(Api api, int number) {
        api.post(
                Api.Port.IMAGE,
                "/v2/images",
                Map.of(
                        "name", String.format(Locale.ROOT, "image-%05d", number),
                        "disk_format", number % 3 == 0 ? "raw" : "qcow2",
                        "container_format", "bare",
                        "os_distro", SYSTEMS.get(number % SYSTEMS.size()),
                        "os_version", Integer.toString(number % 20),
                        "tags", List.of(number % 2 == 0 ? "even" : "odd", "bench")));
    }

    private static String middle(Api api, int images) {
        return api.get(Api.Port.IMAGE, String.format(Locale.ROOT, "/v2/images?name=image-%05d", images / 2))
                .get("images")
                .get(0)
                .get("id")
                .asString();
    }
}
