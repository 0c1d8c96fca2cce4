# fish completion of p1meter. Made from the program, not written by hand.

complete -c p1meter -f
complete -c p1meter -l version -d 'Print the version and exit'
complete -c p1meter -s h -l help -d 'Print this help and exit'
complete -c p1meter -l config -r -F -d 'The configuration to use instead of /etc/p1meter.yaml'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a run -d 'The daemon'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a decode -d 'Print the telegrams of a capture'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a replay -d 'Feed a capture through the configured pipeline, MQTT included'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a simulate -d 'Send valid telegrams of a simulated meter'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a monitor -d 'Live readings in the terminal'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a check -d 'Validate the configuration'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a show -d 'Print keys, OBIS table, configuration or profiles'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a openhab -d 'Write openHAB\'s Things, Items and sitemap for your meters'
complete -c p1meter -n 'not __fish_seen_subcommand_from run decode replay simulate monitor check show openhab convert' -a convert -d 'Write the configuration of a Python predecessor as p1meter\'s own'

# run

# decode
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l input -r -f -a 'auto raw hex record' -d 'What the capture is'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l format -r -f -a 'table json yaml csv' -d 'Form of the output'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l explain -d 'Show how each byte was understood, in place of the table'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l units -r -f -a 'default meter' -d 'Whose units'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l key -r -f -d 'Decryption key'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l auth-key -r -f -d 'Authentication key'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -l layouts -r -F -d 'File or directory of your own DLMS list layouts'
complete -c p1meter -n '__fish_seen_subcommand_from decode' -F

# replay
complete -c p1meter -n '__fish_seen_subcommand_from replay' -l speed -r -f -a 'max' -d 'Times real time'
complete -c p1meter -n '__fish_seen_subcommand_from replay' -l loop -d 'Begin again at the end, until interrupted'
complete -c p1meter -n '__fish_seen_subcommand_from replay' -l follow-time -d 'Use the capture\'s times in place of now in everything published'
complete -c p1meter -n '__fish_seen_subcommand_from replay' -l live -d 'Publish under the real topics, not <base_topic>-test'
complete -c p1meter -n '__fish_seen_subcommand_from replay' -l meter -r -f -d 'Whose settings to use'
complete -c p1meter -n '__fish_seen_subcommand_from replay' -F

# simulate
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l to -r -F -a 'pty' -d 'Where to'
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l count -r -f -d 'End after so many telegrams'
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l period -r -f -d 'Time between telegrams instead of the profile\'s'
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l speed -r -f -a 'max' -d 'Times real time, or max'
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l start -r -f -a 'now' -d 'The first telegram\'s time'
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l seed -r -f -d 'Another number gives another household'
complete -c p1meter -n '__fish_seen_subcommand_from simulate' -l fault -r -f -a 'none crc truncate noise no_crc power_failure gas_unset' -d 'Break about one telegram in ten'
complete -c p1meter -n '__fish_seen_subcommand_from simulate; and not __fish_seen_subcommand_from dsmr22 dsmr30 dsmr40 dsmr42 dsmr5 fluvius fluvius-50213 fluvius-50221 luxembourg sweden sweden-sagemcom sweden-landis sweden-ct finland denmark hungary hungary-holley lithuania-standard lithuania-extended lithuania-maximal austria-steiermark switzerland slovenia-text poland germany-q3d aidon-no aidon-no-segmented aidon-se kaifa-no kaifa-se kamstrup-no kamstrup-se kamstrup-dk iskra-si iskra-hr landis-ch landis-burgenland netz-noe tinetz sagemcom-at' -f -a 'dsmr22 dsmr30 dsmr40 dsmr42 dsmr5 fluvius fluvius-50213 fluvius-50221 luxembourg sweden sweden-sagemcom sweden-landis sweden-ct finland denmark hungary hungary-holley lithuania-standard lithuania-extended lithuania-maximal austria-steiermark switzerland slovenia-text poland germany-q3d aidon-no aidon-no-segmented aidon-se kaifa-no kaifa-se kamstrup-no kamstrup-se kamstrup-dk iskra-si iskra-hr landis-ch landis-burgenland netz-noe tinetz sagemcom-at'

# monitor
complete -c p1meter -n '__fish_seen_subcommand_from monitor' -l meter -r -f -d 'Which meter of the configuration'
complete -c p1meter -n '__fish_seen_subcommand_from monitor' -l source -r -f -d 'Read from here instead'

# check

# show
complete -c p1meter -n '__fish_seen_subcommand_from show; and not __fish_seen_subcommand_from keys obis config profiles' -a keys -d 'What can be published'
complete -c p1meter -n '__fish_seen_subcommand_from show; and not __fish_seen_subcommand_from keys obis config profiles' -a obis -d 'The OBIS table, your own entries first'
complete -c p1meter -n '__fish_seen_subcommand_from show; and not __fish_seen_subcommand_from keys obis config profiles' -a config -d 'The configuration in force'
complete -c p1meter -n '__fish_seen_subcommand_from show; and not __fish_seen_subcommand_from keys obis config profiles' -a profiles -d 'The meters that can be simulated'

# openhab
complete -c p1meter -n '__fish_seen_subcommand_from openhab' -l out -r -f -a '(__fish_complete_directories)' -d 'The folder to write to'
complete -c p1meter -n '__fish_seen_subcommand_from openhab' -l force -d 'Overwrite files that this command did not write'

# convert
complete -c p1meter -n '__fish_seen_subcommand_from convert' -F
