import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.constant.ModuleDesc;
import java.lang.constant.PackageDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a jar that has no module descriptor, and needs {@code java.base} alone, a named module, in place: {@code java AddModule.java FILE.jar
 * MODULE EXPORTED...}. jlink takes no automatic modules.
 */
final class AddModule {
    private AddModule() {}

    public static void main(String[] arguments) throws IOException {
        byte[] descriptor = ClassFile.of().buildModule(ModuleAttribute.of(ModuleDesc.of(arguments[1]), module -> {
            module.requires(ModuleDesc.of("java.base"), AccessFlag.MANDATED.mask(), null);
            for (int i = 2; i < arguments.length; i++) {
                module.exports(PackageDesc.of(arguments[i]), 0);
            }
        }));
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]))) {
            Files.write(jar.getPath("/module-info.class"), descriptor);
        }
    }
}
