package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.launcher.demo.Demo;
import io.nacre.launcher.demo.Phases;
import io.nacre.network.DeviceNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Boot a server and log in to it; starts the cloud if need be.")
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private StateOption state = new StateOption();

    @Option(names = "--clean", description = "Remove all that the demo made, from a cloud that runs.")
    private boolean clean;

    @Option(names = "--install", description = "Install the Debian packages that are missing.")
    private boolean install;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "For a cloud that is started now: added to every port.")
    private int portOffset;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = state.directory();
        Phases phases = new Phases();
        if (State.owner(directory).isEmpty()) {
            if (clean) {
                throw Fault.unavailable("Nacre is not running on " + directory
                        + ", so nothing was removed. Start it first: " + state.command("up"));
            }
            List<String> arguments = new ArrayList<>(
                    List.of("up", "--state", directory.toString(), "--port-offset", Integer.toString(portOffset)));
            if (install) {
                arguments.add("--install");
            }
            System.out.println("Starting the cloud");
            Detached.start(directory, arguments);
            phases.done("cloud started");
        }
        Demo demo = new Demo(Files.readString(directory.resolve("openrc")), directory, phases);
        if (clean) {
            demo.clean();
            return 0;
        }
        String namespace = DeviceNames.namespace(directory.resolve("agent"));
        Path image = guestImage();
        phases.done("guest image ready");
        demo.run(image, network -> namespace + "-dhcp-" + network, state.command("demo --clean"));
        return 0;
    }

    /** Built once from distribution packages. */
    private static Path guestImage() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("nacre.home", "."));
        Path cache = home.resolve("var/cache/guest");
        Files.createDirectories(cache);
        Process build = new ProcessBuilder(home.resolve("guest/build.sh").toString(), cache.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (build.waitFor() != 0) {
            throw Fault.unavailable("The guest image could not be built.");
        }
        return cache.resolve("guest.qcow2");
    }
}
