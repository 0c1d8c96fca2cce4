# bash completion of p1meter. Made from the program, not written by hand.

_p1meter_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$@" -- "$cur")
}

_p1meter() {
    local cur=${COMP_WORDS[COMP_CWORD]} option='' place=p1meter given=0 words='' i word
    # bash makes words of their own of the '=' in --format=json
    if [[ $cur == = ]]; then
        cur=''
        option=${COMP_WORDS[COMP_CWORD - 1]}
    elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    else
        option=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    # the way to the command in hand, and how many arguments it has
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case "$place $word" in
            *' --config' | 'p1meter/decode --input' | 'p1meter/decode --format' | 'p1meter/decode --units' | 'p1meter/decode --key' | 'p1meter/decode --auth-key' | 'p1meter/decode --layouts' | 'p1meter/replay --speed' | 'p1meter/replay --meter' | 'p1meter/simulate --to' | 'p1meter/simulate --count' | 'p1meter/simulate --period' | 'p1meter/simulate --speed' | 'p1meter/simulate --start' | 'p1meter/simulate --seed' | 'p1meter/simulate --fault' | 'p1meter/monitor --meter' | 'p1meter/monitor --source' | 'p1meter/openhab --out') # what follows is its value
                [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
                ((i++))
                ;;
            'p1meter run' | 'p1meter decode' | 'p1meter replay' | 'p1meter simulate' | 'p1meter monitor' | 'p1meter check' | 'p1meter show' | 'p1meter/show keys' | 'p1meter/show obis' | 'p1meter/show config' | 'p1meter/show profiles' | 'p1meter openhab' | 'p1meter convert') place+=/$word ;;
            *' '-*) ;;
            *) ((given++)) ;;
        esac
    done
    COMPREPLY=()
    # the value of an option
    case "$place $option" in
        *' --config' | 'p1meter/decode --layouts')
            _p1meter_files -f
            return
            ;;
        'p1meter/decode --input')
            mapfile -t COMPREPLY < <(compgen -W 'auto raw hex record' -- "$cur")
            return
            ;;
        'p1meter/decode --format')
            mapfile -t COMPREPLY < <(compgen -W 'table json yaml csv' -- "$cur")
            return
            ;;
        'p1meter/decode --units')
            mapfile -t COMPREPLY < <(compgen -W 'default meter' -- "$cur")
            return
            ;;
        'p1meter/decode --key' | 'p1meter/decode --auth-key' | 'p1meter/replay --meter' | 'p1meter/simulate --count' | 'p1meter/simulate --period' | 'p1meter/simulate --seed' | 'p1meter/monitor --meter' | 'p1meter/monitor --source')
            return
            ;;
        'p1meter/replay --speed' | 'p1meter/simulate --speed')
            mapfile -t COMPREPLY < <(compgen -W 'max' -- "$cur")
            return
            ;;
        'p1meter/simulate --to')
            _p1meter_files -f -W 'pty'
            return
            ;;
        'p1meter/simulate --start')
            mapfile -t COMPREPLY < <(compgen -W 'now' -- "$cur")
            return
            ;;
        'p1meter/simulate --fault')
            mapfile -t COMPREPLY < <(compgen -W 'none crc truncate noise no_crc power_failure gas_unset' -- "$cur")
            return
            ;;
        'p1meter/openhab --out')
            _p1meter_files -d
            return
            ;;
    esac
    # a command, an option or an argument
    case $place in
        p1meter)
            words='run decode replay simulate monitor check show openhab convert'
            [[ $cur == -* ]] && words='--version -h --help --config'
            ;;
        p1meter/run)
            words=''
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/decode)
            words=''
            if [[ $cur != -* ]] && ((given == 0)); then
                _p1meter_files -f
                return
            fi
            [[ $cur == -* ]] && words='--input --format --explain --units --key --auth-key --layouts -h --help --config'
            ;;
        p1meter/replay)
            words=''
            if [[ $cur != -* ]] && ((given == 0)); then
                _p1meter_files -f
                return
            fi
            [[ $cur == -* ]] && words='--speed --loop --follow-time --live --meter -h --help --config'
            ;;
        p1meter/simulate)
            words=''
            if [[ $cur != -* ]] && ((given == 0)); then
                mapfile -t COMPREPLY < <(compgen -W 'dsmr22 dsmr30 dsmr40 dsmr42 dsmr5 fluvius fluvius-50213 fluvius-50221 luxembourg sweden sweden-sagemcom sweden-landis sweden-ct finland denmark hungary hungary-holley lithuania-standard lithuania-extended lithuania-maximal austria-steiermark switzerland slovenia-text poland germany-q3d aidon-no aidon-no-segmented aidon-se kaifa-no kaifa-se kamstrup-no kamstrup-se kamstrup-dk iskra-si iskra-hr landis-ch landis-burgenland netz-noe tinetz sagemcom-at' -- "$cur")
                return
            fi
            [[ $cur == -* ]] && words='--to --count --period --speed --start --seed --fault -h --help --config'
            ;;
        p1meter/monitor)
            words=''
            [[ $cur == -* ]] && words='--meter --source -h --help --config'
            ;;
        p1meter/check)
            words=''
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/show)
            words='keys obis config profiles'
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/show/keys)
            words=''
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/show/obis)
            words=''
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/show/config)
            words=''
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/show/profiles)
            words=''
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
        p1meter/openhab)
            words=''
            [[ $cur == -* ]] && words='--out --force -h --help --config'
            ;;
        p1meter/convert)
            words=''
            if [[ $cur != -* ]] && ((given == 0)); then
                _p1meter_files -f
                return
            fi
            [[ $cur == -* ]] && words='-h --help --config'
            ;;
    esac
    if [[ $cur != -* && -z $words ]]; then
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _p1meter p1meter
